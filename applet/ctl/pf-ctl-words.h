/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ctl.h"

G_BEGIN_DECLS

const char *pf_ctl_words_get_owner (const char *owner);
PfCtlStyle pf_ctl_words_get_owner_style (const char *owner);
char *pf_ctl_words_describe_profile (PfClient *client, const char *id);
char *pf_ctl_words_describe_controller (PfDBusController *controller);
char *pf_ctl_words_format_bits (guint32 bits, gboolean with_names);
void pf_ctl_words_print_moves (const PfCtl *ctl, GVariant *moves, guint indent);
gboolean pf_ctl_words_speak_against (GVariant *objections);
void pf_ctl_words_print_notes (const PfCtlScreen *screen, GVariant *objections);
void pf_ctl_words_print_objections (const PfCtlScreen *screen, GVariant *objections, guint indent);

G_END_DECLS
