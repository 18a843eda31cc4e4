/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * template.h on top of kainjow's header-only Mustache: the only C++ here.
 * No exception leaves this file.
 */
#include <cstdio>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <kainjow/mustache.hpp>

extern "C" {
#include "buf.h"
#include "rc.h"
}
#include "template.h"

namespace mst = kainjow::mustache;

struct view {
	mst::mustache page;
	explicit view(const std::string &text) : page(text)
	{
	}
};

/*
 * Kept as a tree of our own and turned into Mustache's data once, when it is
 * rendered: its lists move their elements when they grow.
 */
struct fields {
	using list = std::vector<std::unique_ptr<fields>>;

	std::vector<std::pair<std::string, std::string>> texts;
	std::vector<std::pair<std::string, bool>> flags;
	std::vector<std::pair<std::string, std::unique_ptr<fields>>> objects;
	std::vector<std::pair<std::string, list>> lists;
	fields *root = nullptr; /* who remembers that memory ran out */
	bool failed = false;
};

static void
fail(struct fields *f)
{
	(f->root != nullptr ? f->root : f)->failed = true;
}

static mst::data
build(const fields &f)
{
	mst::data d;

	for (const auto &t : f.texts)
		d[t.first] = mst::data(t.second);
	for (const auto &b : f.flags)
		d[b.first] = mst::data(b.second);
	for (const auto &o : f.objects)
		d[o.first] = build(*o.second);
	for (const auto &l : f.lists) {
		mst::data items(mst::data::type::list);

		for (const auto &i : l.second)
			items.push_back(build(*i));
		d[l.first] = std::move(items);
	}
	return d;
}

extern "C" enum rc
template_parse(struct view **out, const char *text, size_t len, char *why, size_t why_len)
{
	*out = nullptr;
	snprintf(why, why_len, "no memory");
	try {
		std::unique_ptr<view> t(new view(std::string(text, len)));

		if (!t->page.is_valid()) {
			snprintf(why, why_len, "%s", t->page.error_message().c_str());
			return RC_FORMAT;
		}
		*out = t.release();
		return RC_OK;
	} catch (...) {
		return RC_NOMEM;
	}
}

extern "C" void
template_free(struct view *t)
{
	delete t;
}

extern "C" enum rc
template_render(struct view *t, const struct fields *f, struct buf *out)
{
	if (f->failed)
		return RC_NOMEM;
	try {
		t->page.render(
		    build(*f), [out](const std::string &s) { buf_put(out, s.data(), s.size()); });
		return t->page.is_valid() ? buf_rc(out) : RC_FORMAT;
	} catch (...) {
		return RC_NOMEM;
	}
}

extern "C" struct fields *
fields_new(void)
{
	return new (std::nothrow) fields;
}

extern "C" void
fields_free(struct fields *f)
{
	delete f;
}

extern "C" void
fields_text(struct fields *f, const char *key, const char *value)
{
	if (f == nullptr || value == nullptr)
		return;
	try {
		f->texts.emplace_back(key, value);
	} catch (...) {
		fail(f);
	}
}

extern "C" void
fields_flag(struct fields *f, const char *key, bool on)
{
	if (f == nullptr)
		return;
	try {
		f->flags.emplace_back(key, on);
	} catch (...) {
		fail(f);
	}
}

static std::unique_ptr<fields>
child(struct fields *f)
{
	std::unique_ptr<fields> c(new fields);

	c->root = f->root != nullptr ? f->root : f;
	return c;
}

extern "C" struct fields *
fields_object(struct fields *f, const char *key)
{
	if (f == nullptr)
		return nullptr;
	try {
		for (auto &o : f->objects)
			if (o.first == key)
				return o.second.get();
		f->objects.emplace_back(key, child(f));
		return f->objects.back().second.get();
	} catch (...) {
		fail(f);
		return f; /* what is written there is never shown */
	}
}

extern "C" struct fields *
fields_item(struct fields *f, const char *key)
{
	if (f == nullptr)
		return nullptr;
	try {
		for (auto &l : f->lists)
			if (l.first == key) {
				l.second.push_back(child(f));
				return l.second.back().get();
			}
		f->lists.emplace_back(key, fields::list());
		f->lists.back().second.push_back(child(f));
		return f->lists.back().second.back().get();
	} catch (...) {
		fail(f);
		return f;
	}
}
