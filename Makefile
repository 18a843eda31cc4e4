# SPDX-License-Identifier: GPL-3.0-or-later
# Periksa.  `make` builds build/periksa, periksa-draw, -fetch, -list, -paper and portal.so; `make help` lists the rest.

BUILD ?= build
CC ?= cc
# the C++ compiler that belongs to the C compiler
CXX = $(patsubst clang,clang++,$(patsubst gcc,g++,$(patsubst cc,c++,$(CC))))
PKGS = libcrypto zlib sqlite3 libseccomp libsodium liboath libutf8proc
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wstrict-prototypes \
       -Wmissing-prototypes -Wmissing-declarations -Wwrite-strings -Wformat=2 -Wvla -Wundef \
       -Wconversion -Wsign-conversion -Wimplicit-fallthrough -Wdouble-promotion \
       -Wswitch-enum -Werror
# accepted by gcc and clang; what only gcc has is in WARN_GCC, for `make lint`
HARD = -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection \
       -ftrivial-auto-var-init=pattern -fno-strict-aliasing
WARN_GCC = -Wnull-dereference -Wlogical-op -Wduplicated-cond -Wduplicated-branches \
           -Wjump-misses-init
SAN ?=
EXTRA ?=
ROOMS = base pdf sig verify evidence inspect store render demo draw paper list letter clerk cli web staff
INC = $(addprefix -Isrc/,$(ROOMS)) -Itests/forge -I$(BUILD)/gen
# _GNU_SOURCE for pipe2, memmem and their like; empty, so that a file may say it again
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE= -fPIC $(CFLAGS) $(WARN) $(HARD) $(SAN) $(EXTRA) $(ROOM_FLAGS) $(INC) -MMD -MP
# src/render/mustache.cc, around a library of templates, is the only C++
C_ONLY = -Wstrict-prototypes -Wmissing-prototypes $(WARN_GCC)
ALL_CXXFLAGS = -std=c++17 -fPIC $(CFLAGS) $(filter-out $(C_ONLY),$(WARN) $(EXTRA)) $(HARD) $(SAN) \
               $(INC) -MMD -MP
ALL_LDFLAGS = -Wl,-z,relro,-z,now,--as-needed $(SAN) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -lstdc++

# a word and a file instead of each command line; `make V=1` shows them whole
say = $(if $(V),,@echo '  $(1)';)

# one archive a room: a program gets only the objects that it calls
lib_of = $(BUILD)/lib$(1).a
objs_of = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c)) \
          $(patsubst src/%.cc,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.cc))
# in the order of the linker: each room before those that it calls
LIB_ROOMS = demo clerk letter inspect evidence store render verify sig pdf base
LIBS_ALL = $(foreach r,$(LIB_ROOMS),$(call lib_of,$(r)))
LIBS_PORTAL = $(foreach r,clerk letter inspect evidence store render verify base,$(call lib_of,$(r)))

.PHONY: all clean
all: $(BUILD)/periksa $(BUILD)/portal.so $(BUILD)/periksa-draw \
    $(BUILD)/periksa-fetch $(BUILD)/periksa-list $(BUILD)/periksa-paper $(BUILD)/canary/canary.tsv

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC   $<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/obj/%.o: src/%.cc
	@mkdir -p $(@D)
	$(call say,CXX  $<)$(CXX) $(ALL_CXXFLAGS) -c -o $@ $<

# a program's main() is in no archive
define room_rule
$(call lib_of,$(1)): $(filter-out %/main.o,$(call objs_of,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach r,$(LIB_ROOMS),$(eval $(call room_rule,$(r))))

$(BUILD)/periksa: $(call objs_of,cli) $(LIBS_ALL)
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(call objs_of,cli) $(LIBS_ALL) $(LIBS)

# A program of its own: whoever verifies a document without later stamps pays nothing for
# Poppler.  Its headers are no concern of our warnings.
DRAW_PKGS = poppler-glib cairo fontconfig
DRAW_LIBS = $(shell pkg-config --libs $(DRAW_PKGS)) -lm
DRAW_FLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I $(DRAW_PKGS)))
$(call objs_of,draw): ROOM_FLAGS = $(DRAW_FLAGS)
# a page is looked at 48 times for each colour: in vectors a quarter of the time
$(BUILD)/obj/draw/ink.o: ROOM_FLAGS += -O3
$(BUILD)/libdraw.a: $(filter-out %/main.o,$(call objs_of,draw))
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/periksa-draw: $(BUILD)/obj/draw/main.o $(BUILD)/libdraw.a $(call lib_of,base)
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(DRAW_LIBS)

# A program of its own: what puts ink on paper.  It is shut in as a drawer is, by the same code.
PAPER_PKGS = librsvg-2.0 pangocairo cairo-pdf cairo-svg libqrencode zbar libqpdf $(DRAW_PKGS)
PAPER_LIBS = $(shell pkg-config --libs $(PAPER_PKGS)) -lm
PAPER_FLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PAPER_PKGS)))
$(call objs_of,paper): ROOM_FLAGS = $(PAPER_FLAGS)
$(BUILD)/libpaper.a: $(filter-out %/main.o,$(call objs_of,paper))
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/periksa-paper: $(BUILD)/obj/paper/main.o $(BUILD)/libpaper.a $(BUILD)/libdraw.a $(call lib_of,base)
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(PAPER_LIBS)

# A program of its own: nobody else pays for libcurl, or has the means to connect.
FETCH_LIBS = $(shell pkg-config --libs libcurl libcares)
FETCH_ROOMS = evidence verify sig pdf base
$(BUILD)/periksa-fetch: $(BUILD)/obj/evidence/main.o $(foreach r,$(FETCH_ROOMS),$(call lib_of,$(r)))
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $^ $(FETCH_LIBS) $(LIBS)

# struct http_request has the fields that Kore was built with.  Only the portal's own
# functions are seen by Kore, whose module loader looks names up globally.
PORTAL = $(call objs_of,web) $(call objs_of,staff)
$(PORTAL): ROOM_FLAGS = $(shell cat /usr/share/kore/features)
$(BUILD)/portal.so: $(PORTAL) $(LIBS_PORTAL)
	$(call say,LINK $@)$(CC) -shared $(ALL_LDFLAGS) -Wl,--exclude-libs,ALL -o $@ \
	    $(PORTAL) $(LIBS_PORTAL) $(LIBS)

# the tables of a new database and the policies, as C strings
SCHEMA = $(patsubst src/store/%.sql,$(BUILD)/gen/%.inc,$(wildcard src/store/*.sql))
$(SCHEMA): $(BUILD)/gen/%.inc: src/store/%.sql
$(BUILD)/gen/policy.inc: conf/policy.conf
$(BUILD)/gen/%.inc:
	@mkdir -p $(@D)
	sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< >$@
$(BUILD)/obj/store/sqlite.o $(BUILD)/obj/tests/unit/t_store.o: $(SCHEMA)
$(BUILD)/obj/verify/policy.o: $(BUILD)/gen/policy.inc

# A program of its own likewise: XML and its signatures are for importing trust lists only.
LIST_PKGS = xmlsec1-openssl
LIST_LIBS = $(shell pkg-config --libs $(LIST_PKGS))
LIST_FLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIST_PKGS)))
LIST_ROOMS = verify sig base
$(call objs_of,list): ROOM_FLAGS = $(LIST_FLAGS)
$(BUILD)/liblist.a: $(filter-out %/main.o,$(call objs_of,list))
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/periksa-list: $(BUILD)/obj/list/main.o $(BUILD)/liblist.a $(foreach r,$(LIST_ROOMS),$(call lib_of,$(r)))
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $^ $(LIST_LIBS) $(LIBS)

# letters whose verdicts never change, by which the portal sees that it still judges
$(BUILD)/canary/canary.tsv: $(BUILD)/periksa
	$(call say,MAKE $(@D))$(BUILD)/periksa demo --canary $(@D)

clean:
	rm -rf $(BUILD)

comma = ,

# --- tests ---
# tests/unit/t_x.c and tests/jail/t_x.c -> $(BUILD)/tests/t_x
# tests/fuzz/fuzz_x.c -> $(BUILD)/tests/replay_x (any compiler), $(BUILD)/fuzz/x (clang)
# One test while other rooms do not build: make T_ROOMS='pdf base' build/tests/t_lex

T_ROOMS ?= $(LIB_ROOMS)
# signer.c is a program
FORGE_OBJS = $(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(filter-out %/signer.c,$(wildcard tests/forge/*.c)))
LIBS_TEST = $(if $(FORGE_OBJS),$(BUILD)/libforge.a) $(foreach r,$(T_ROOMS),$(call lib_of,$(r)))
UNIT = $(patsubst %.c,$(BUILD)/tests/%,$(notdir $(wildcard tests/unit/t_*.c tests/jail/t_*.c)))
FUZZ = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY = $(addprefix $(BUILD)/tests/replay_,$(FUZZ))
LINK_TEST = $(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS_TEST) -lcmocka -ljansson $(LIBS)

# letters by the programs that offices use, made once
OFFICE = $(BUILD)/office/letters.tsv

.PHONY: check check-build office
check-build: all $(UNIT) $(REPLAY) $(BUILD)/tests/letters $(BUILD)/tests/signer
office: $(OFFICE)
$(OFFICE): tests/office/make
	$(call say,MAKE $(@D))tests/office/make $(@D)
check: check-build office
	@BUILD=$(BUILD) tests/run $(T)

$(BUILD)/obj/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,CC   $<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# a fuzz target's entry is declared by the fuzzer, not by a header of ours
$(BUILD)/obj/tests/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(call say,CC   $<)$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes -Wno-missing-declarations -c -o $@ $<

$(BUILD)/libforge.a: $(FORGE_OBJS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/tests/t_%: $(BUILD)/obj/tests/unit/t_%.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

$(BUILD)/tests/t_%: $(BUILD)/obj/tests/jail/t_%.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

$(BUILD)/tests/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(call say,LINK $@)$(CC) -pie $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIBS_TEST) $(LIBS)

# of the portal, the files that know nothing of Kore have tests like the libraries'
$(BUILD)/tests/t_multipart $(BUILD)/tests/replay_multipart $(BUILD)/fuzz/multipart: \
    $(BUILD)/obj/web/multipart.o
$(BUILD)/tests/t_form $(BUILD)/tests/replay_form $(BUILD)/fuzz/form: \
    $(BUILD)/obj/web/form.o $(BUILD)/obj/web/multipart.o
$(BUILD)/tests/t_limit: $(BUILD)/obj/web/limit.o
$(BUILD)/tests/t_addresses $(BUILD)/tests/replay_addresses $(BUILD)/fuzz/addresses: \
    $(BUILD)/obj/web/addresses.o

$(BUILD)/tests/mutate: $(BUILD)/obj/tests/mutate/mutate.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

# signs what others made, with an authority that lasts
$(BUILD)/tests/signer: $(BUILD)/obj/tests/forge/signer.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

# what the tests of the network ask about
$(BUILD)/tests/letters: $(BUILD)/obj/tests/online/letters.o $(LIBS_TEST)
	@mkdir -p $(@D)
	$(LINK_TEST)

# where memory runs out
NOMEM = malloc calloc realloc arena_alloc arena_array arena_grow arena_dup arena_str
$(BUILD)/tests/t_nomem: ALL_LDFLAGS += $(addprefix -Wl$(comma)--wrap=,$(NOMEM))

# another reader of what we write
$(BUILD)/tests/t_bulk: LIBS += -larchive

# what draws, and its tests
$(BUILD)/obj/tests/unit/t_draw.o $(BUILD)/obj/tests/jail/t_drawer.o: ROOM_FLAGS = $(DRAW_FLAGS)
$(BUILD)/tests/t_draw $(BUILD)/tests/t_drawer: LIBS_TEST = $(BUILD)/libdraw.a $(BUILD)/libinspect.a $(call lib_of,base) $(DRAW_LIBS)
$(BUILD)/tests/t_draw $(BUILD)/tests/t_drawer: $(BUILD)/libdraw.a

# what puts ink on paper, likewise
$(BUILD)/obj/tests/unit/t_footer.o: ROOM_FLAGS = $(PAPER_FLAGS)
$(BUILD)/tests/t_footer: LIBS_TEST = $(BUILD)/libpaper.a $(BUILD)/libdraw.a $(call lib_of,base) $(PAPER_LIBS)
$(BUILD)/tests/t_footer: $(BUILD)/libpaper.a $(BUILD)/libdraw.a

# what goes to the network, and its tests
$(BUILD)/tests/t_fetch $(BUILD)/tests/t_fetcher $(BUILD)/tests/t_search: LIBS += $(FETCH_LIBS) -lssl
$(BUILD)/tests/replay_guard $(BUILD)/fuzz/guard: LIBS += $(FETCH_LIBS)

# and what reads trust lists
$(BUILD)/obj/tests/fuzz/fuzz_tsl.o: ROOM_FLAGS = $(LIST_FLAGS)
$(BUILD)/tests/replay_tsl $(BUILD)/fuzz/tsl: LIBS_TEST = $(BUILD)/liblist.a $(foreach r,$(LIST_ROOMS),$(call lib_of,$(r))) $(LIST_LIBS)
$(BUILD)/tests/replay_tsl $(BUILD)/fuzz/tsl: $(BUILD)/liblist.a

.SECONDARY:

# --- the same again, harder ---
# Sanitizers and the jail's filter do not mix: PERIKSA_NO_JAIL leaves the filter
# and the memory limit out, and nothing else.  The portal runs inside Debian's
# kore, which knows no sanitizer: its browser tests are `make check`'s alone.

SAN_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_ENV = ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1:exitcode=99
CORPUS ?= ../shared/corpus
SECONDS ?= 60
SUB = $(MAKE) --no-print-directory

.PHONY: asan fuzz fuzz-all
asan:
	+$(SUB) check-build office BUILD=build-asan CFLAGS='-O1 -g' HARD= SAN='$(SAN_FLAGS)' \
	    EXTRA=-DPERIKSA_NO_JAIL
	BUILD=build-asan $(SAN_ENV) tests/run $(or $(T),tests/unit tests/jail tests/fuzz tests/cli tests/online)
	@[ ! -d '$(CORPUS)' ] || { echo "the program over $(CORPUS)"; \
	    $(SAN_ENV) build-asan/periksa verify --json --offline --at 2026-11-01T00:00:00Z \
	    --trust '$(CORPUS)/anchors' '$(CORPUS)' >build-asan/corpus.json; [ $$? -le 2 ]; }

# finds go to build-fuzz/finds/T, what the run learned to build-fuzz/learned/T
fuzz:
	@[ -f 'tests/fuzz/fuzz_$(T).c' ] || { echo "make fuzz T=name: one of $(FUZZ)" >&2; exit 2; }
	+$(SUB) build-fuzz/fuzz/$(T) BUILD=build-fuzz CC=clang CFLAGS='-O1 -g' HARD= EXTRA=-DPERIKSA_NO_JAIL \
	    SAN='$(SAN_FLAGS) -fsanitize=fuzzer-no-link'
	@mkdir -p build-fuzz/learned/$(T) build-fuzz/finds/$(T)
	build-fuzz/fuzz/$(T) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -close_fd_mask=0 \
	    -verbosity=0 -print_final_stats=1 -artifact_prefix=build-fuzz/finds/$(T)/ \
	    build-fuzz/learned/$(T) tests/fuzz/corpus/$(T)

fuzz-all:
	@for t in $(FUZZ); do $(SUB) fuzz T=$$t SECONDS=$(SECONDS) || exit 1; done
	@echo "no finding: $(FUZZ)"

# --- other people's files, and speed ---

# N changed copies of those and of forged letters, none of which may be VALID and differ
N ?= 1000000
.PHONY: mutate
mutate: $(BUILD)/tests/mutate office
	@mkdir -p $(BUILD)/mutate
	BUILD=$(BUILD) $(BUILD)/tests/mutate $(N) $(BUILD)/mutate $(wildcard $(CORPUS))

.PHONY: corpus bench
corpus: $(BUILD)/periksa $(BUILD)/periksa-draw
	$(BUILD)/periksa verify --json --offline --trust '$(CORPUS)/anchors' --at 2026-11-01T00:00:00Z \
	    '$(CORPUS)' >$(BUILD)/corpus.ndjson; [ $$? -le 2 ]
	script/conformance $(BUILD)/corpus.ndjson '$(CORPUS)' '$(CORPUS)/../oracle' \
	    tests/corpus/reasons.tsv CONFORMANCE.md

BENCH = $(addprefix $(BUILD)/bench/,letter linear load record paper)
bench: all $(BENCH) $(BUILD)/tests/letters
	@BUILD=$(BUILD) CORPUS='$(CORPUS)' bench/run $(T)

$(BUILD)/obj/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	@echo '  CC   $<'; $(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(LIBS_ALL)
	@mkdir -p $(@D)
	$(CC) -pie $(ALL_LDFLAGS) -o $@ $< $(LIBS_ALL) $(LIBS)
$(BUILD)/bench/letter: ALL_LDFLAGS += -Wl,--wrap=EVP_PKEY_verify,--wrap=EVP_DigestVerify

# --- reading the code ---

SOURCES = $(wildcard src/*/*.c src/*/*.h tests/unit/*.[ch] tests/jail/*.[ch] tests/fuzz/*.[ch] \
          tests/forge/*.[ch] tests/mutate/*.c tests/online/*.c bench/*.[ch])
SCRIPTS = $(shell grep -lE '^\#!/bin/(ba)?sh' .ci/* script/* tests/run tests/*/* 2>/dev/null)

.PHONY: lint format analyze cover fresh help
lint: $(SCHEMA) $(BUILD)/gen/policy.inc
	tests/style/checksrc
	clang-format --dry-run -Werror $(SOURCES)
	shellcheck $(SCRIPTS)
	codespell -I tests/style/words README.md ARCHITECTURE.md CHANGELOG.md Makefile script src tests \
	    templates conf doc --skip='*.po,*.pem,*.crt,*/corpus/*,*.pdf,match.def'
	+$(SUB) all check-build BUILD=build-gcc CC=gcc EXTRA='$(WARN_GCC)'
	+$(SUB) all check-build BUILD=build-clang CC=clang EXTRA=-Wnull-dereference
	cppcheck -q --enable=warning,style,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppressions-list=tests/style/cppcheck $(INC) --std=c11 src tests/forge
	echo $(filter %.c,$(SOURCES)) | xargs -n 6 -P 2 sh -c 'clang-tidy --quiet "$$@" -- -std=gnu11 -D_GNU_SOURCE= $(INC) $(DRAW_FLAGS) $(PAPER_FLAGS) $(LIST_FLAGS) \
	    $$(cat /usr/share/kore/features)' sh

format:
	clang-format -i $(SOURCES)

analyze:
	+$(SUB) $(foreach r,base pdf sig verify inspect,build-analyze/lib$(r).a) BUILD=build-analyze \
	    CC=gcc EXTRA=-fanalyzer

# lines of the rooms that judge, which the tests never reach
cover:
	rm -rf build-cover
	+$(SUB) check-build office BUILD=build-cover CFLAGS='-O0 -g' HARD= SAN=--coverage EXTRA=-DPERIKSA_NO_JAIL
	-BUILD=build-cover tests/run $(T)
	@script/cover build-cover pdf sig verify

fresh:
	script/fresh

help:
	@echo 'make                      build/periksa, periksa-draw, -fetch, -list, -paper and portal.so'
	@echo 'make check [T=pattern]    every test (those whose path has the pattern in it)'
	@echo 'make asan                 the same with AddressSanitizer and UBSan; CORPUS=folder too'
	@echo 'make fuzz T=name          fuzz one parser for SECONDS=60: $(FUZZ)'
	@echo 'make fuzz-all             each of them'
	@echo 'make lint                 both compilers, formatting, clang-tidy, cppcheck, scripts, spelling'
	@echo 'make format               let clang-format rewrite the sources'
	@echo 'make analyze              gcc -fanalyzer'
	@echo 'make cover                lines of src/pdf, src/sig, src/verify that no test reaches'
	@echo 'make corpus               beside other validators, into CONFORMANCE.md: CORPUS=folder'
	@echo 'make mutate [N=1000000]   changed copies of CORPUS=folder and of forged letters: none may be VALID'
	@echo 'make bench [T=part]       speed beside pdfsig, openssl speed and what the cryptography costs'
	@echo 'make fresh                README and Dockerfile in a fresh Debian 12 (as root)'
	@echo 'make clean                remove $(BUILD)'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
