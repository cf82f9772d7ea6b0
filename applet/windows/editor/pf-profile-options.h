/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-profile-draft.h"

G_BEGIN_DECLS

#define PF_TYPE_PROFILE_OPTIONS (pf_profile_options_get_type ())
G_DECLARE_FINAL_TYPE (PfProfileOptions, pf_profile_options, PF, PROFILE_OPTIONS, GtkBox)

/**
 * PfProfileOptions:
 *
 * What a profile says besides what it lends.
 *
 * Signals:
 *  - `changed` (PfProfileOptions *): a person changed one of them.
 */
GtkWidget *pf_profile_options_new (void);
void pf_profile_options_show (PfProfileOptions *options, const PfProfileDraft *draft);
void pf_profile_options_read (PfProfileOptions *options, PfProfileDraft *draft);

G_END_DECLS
