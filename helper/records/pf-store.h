/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-profile.h"

G_BEGIN_DECLS

#define PF_STORE_MAX_PROFILES 256

/**
 * PfStoreEntry:
 * @id: name of the file without ".profile"
 * @profile: (nullable): what it says
 * @problem: (nullable): why it could not be read; set when @profile is not
 * @text: (nullable): the file's own text, in the spelling of pf_profile_serialize()
 */
typedef struct
{
  char *id;
  PfProfile *profile;
  GError *problem;
  char *text;
} PfStoreEntry;

#define PF_TYPE_STORE (pf_store_get_type ())
G_DECLARE_FINAL_TYPE (PfStore, pf_store, PF, STORE, GObject)

PfStore *pf_store_new (const char *config);
GPtrArray *pf_store_list (PfStore *store);
const PfStoreEntry *pf_store_find (PfStore *store, const char *id);
const PfProfile *pf_store_require (PfStore *store, const char *id, GError **error);
char *pf_store_get_fingerprint (PfStore *store, const char *id);
const PfProfile *pf_store_find_only (PfStore *store);
gboolean pf_store_add (PfStore *store, const PfProfile *profile, GError **error);
gboolean pf_store_update (PfStore *store, const PfProfile *profile, GError **error);
gboolean pf_store_remove (PfStore *store, const char *id, GError **error);

G_END_DECLS
