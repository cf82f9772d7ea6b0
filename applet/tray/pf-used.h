/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

char *pf_used_fingerprint (PfClient *client, const char *profile_id);
gboolean pf_used_has (const char *profile_id, const char *fingerprint);
void pf_used_add (const char *profile_id, const char *fingerprint);

G_END_DECLS
