/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile.h"

G_BEGIN_DECLS

/**
 * PfSwitchOptions:
 * @origin: who asks: "tray", "ctl", "hotkey", "guest", or "guest:" and the name of a virtual machine
 * @override: (nullable): codes of soft objections to go on with; NULL for none
 * @confirm_seconds: 0 for not given
 * @release_seconds: 0 for not given
 * @attach_seconds: 0 for not given
 * @no_interaction: fail at once where a person would have to be asked
 */
typedef struct
{
  char *origin;
  char **override;
  guint confirm_seconds;
  guint release_seconds;
  guint attach_seconds;
  gboolean no_interaction;
} PfSwitchOptions;

PfSwitchOptions *pf_switch_options_parse (GVariant *options, GError **error);
PfSwitchOptions *pf_switch_options_parse_return (GVariant *options, GError **error);
void pf_switch_options_free (PfSwitchOptions *options);

gboolean pf_settings_check (GVariant *settings, gboolean *no_interaction, GError **error);
gboolean pf_note_settings_check (GVariant *settings, gboolean *no_interaction, GError **error);
gboolean pf_try_options_check (GVariant *options, gboolean *no_interaction, GError **error);
gboolean pf_settings_apply (GVariant *settings, PfProfile *profile, const PfBoard *board, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSwitchOptions, pf_switch_options_free)

G_END_DECLS
