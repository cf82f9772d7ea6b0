/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-profile-draft.h"

G_BEGIN_DECLS

GtkFileChooserNative *pf_profile_transfer_choose_import (GtkWindow *parent);
GtkFileChooserNative *pf_profile_transfer_choose_export (GtkWindow *parent, const PfProfileDraft *draft);

gboolean
pf_profile_transfer_import (const char *path, PfProfileDraft *draft, GPtrArray *controllers, GError **error);
gboolean pf_profile_transfer_export (const char *path,
                                     const PfProfileDraft *draft,
                                     GPtrArray *sockets,
                                     GPtrArray *controllers,
                                     GError **error);

G_END_DECLS
