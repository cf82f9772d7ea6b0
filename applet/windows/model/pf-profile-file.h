/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile-draft.h"

G_BEGIN_DECLS

char *pf_profile_file_export (const PfProfileDraft *draft, GPtrArray *sockets, GPtrArray *controllers);
gboolean pf_profile_file_import (
    PfProfileDraft *draft, const char *data, gsize length, GPtrArray *controllers, GError **error);

G_END_DECLS
