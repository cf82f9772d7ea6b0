/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-objection.h"

G_BEGIN_DECLS

/**
 * PfTrust:
 *
 * Which profiles, as they read, were confirmed on which board.
 */
typedef struct _PfTrust PfTrust;

PfTrust *pf_trust_new (void);
void pf_trust_free (PfTrust *trust);
void pf_trust_add (PfTrust *trust, const char *profile, const char *text, const char *board);
gboolean pf_trust_has (const PfTrust *trust, const char *profile, const char *text, const char *board);
PfTrust *pf_trust_parse (const char *data, gsize length, GError **error);
char *pf_trust_serialize (const PfTrust *trust, gsize *length);

char *pf_trust_fingerprint_profile (const PfProfile *profile);
char *pf_trust_fingerprint_board (const PfBoard *board, const PfProfile *profile);

gboolean pf_changes_take_input (const GPtrArray *changes);
guint pf_confirm_find_seconds (
    const PfProfile *profile, guint requested, gboolean overrides, gboolean takes_input, gboolean trusted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTrust, pf_trust_free)

G_END_DECLS
