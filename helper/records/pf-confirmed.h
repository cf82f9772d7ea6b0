/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-trust.h"

G_BEGIN_DECLS

/**
 * PfConfirmed:
 *
 * What was confirmed, and the file that says so. It outlives the boot: trust is in a profile and a machine.
 */
typedef struct _PfConfirmed PfConfirmed;

PfConfirmed *pf_confirmed_new (const char *folder);
void pf_confirmed_free (PfConfirmed *confirmed);
gboolean pf_confirmed_has (PfConfirmed *confirmed, const char *profile, const char *text, const char *board);
gboolean pf_confirmed_add (
    PfConfirmed *confirmed, const char *profile, const char *text, const char *board, GError **error);

G_END_DECLS
