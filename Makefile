# SPDX-License-Identifier: GPL-3.0-or-later
# Periksa.  `make` builds build/periksa and build/portal.so; `make help` lists the rest.

BUILD ?= build
CC ?= cc
PKGS = libcrypto zlib sqlite3 jansson libseccomp
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wstrict-prototypes \
       -Wmissing-prototypes -Wmissing-declarations -Wwrite-strings -Wformat=2 -Wvla -Wundef \
       -Wconversion -Wsign-conversion -Wimplicit-fallthrough -Wdouble-promotion \
       -Wswitch-enum -Werror
HARD = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection \
       -ftrivial-auto-var-init=pattern -fno-strict-aliasing
SAN ?=
ROOMS = base pdf sig verify inspect store render demo cli web
INC = $(addprefix -Isrc/,$(ROOMS))
ALL_CFLAGS = -std=gnu11 -fPIC $(CFLAGS) $(WARN) $(HARD) $(SAN) $(INC) -MMD -MP
LDFLAGS += -Wl,-z,relro,-z,now $(SAN)

# one archive a room: a program gets only the objects that it calls
lib_of = $(BUILD)/lib$(1).a
objs_of = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c)) \
          $(patsubst src/%.cc,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.cc))
LIB_ROOMS = base pdf sig verify inspect store render demo
LIBS_ENGINE = $(foreach r,demo inspect verify sig pdf base,$(call lib_of,$(r)))
LIBS_ALL = $(foreach r,demo inspect store render verify sig pdf base,$(call lib_of,$(r)))
LIBS_PORTAL = $(foreach r,inspect store render verify base,$(call lib_of,$(r)))

.PHONY: all clean
all: $(BUILD)/periksa $(BUILD)/portal.so

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

define room_rule
$(call lib_of,$(1)): $(call objs_of,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach r,$(LIB_ROOMS),$(eval $(call room_rule,$(r))))

$(BUILD)/periksa: $(call objs_of,cli) $(LIBS_ALL)
	$(CC) $(LDFLAGS) -o $@ $(call objs_of,cli) $(LIBS_ALL) $(shell pkg-config --libs $(PKGS))

$(BUILD)/portal.so: $(call objs_of,web) $(LIBS_PORTAL)
	$(CC) $(LDFLAGS) -shared -o $@ $(call objs_of,web) $(LIBS_PORTAL) $(shell pkg-config --libs $(PKGS))

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
