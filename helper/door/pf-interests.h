/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_TYPE_INTERESTS (pf_interests_get_type ())
G_DECLARE_FINAL_TYPE (PfInterests, pf_interests, PF, INTERESTS, GObject)

PfInterests *pf_interests_new (void);
int pf_interests_add (PfInterests *interests, uid_t caller, GError **error);
guint pf_interests_count (PfInterests *interests);

G_END_DECLS
