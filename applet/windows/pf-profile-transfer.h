/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-profile-draft.h"

G_BEGIN_DECLS

gboolean
pf_profile_transfer_import (GtkWindow *parent, PfProfileDraft *draft, GPtrArray *controllers, GError **error);
gboolean pf_profile_transfer_export (GtkWindow *parent,
                                     const PfProfileDraft *draft,
                                     GPtrArray *sockets,
                                     GPtrArray *controllers,
                                     GError **error);

G_END_DECLS
