/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ctl.h"

G_BEGIN_DECLS

extern const GOptionEntry pf_ctl_settings_add_entries[];
extern const GOptionEntry pf_ctl_settings_edit_entries[];

GVariant *pf_ctl_settings_build (GError **error);

G_END_DECLS
