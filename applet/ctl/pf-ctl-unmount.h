/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ctl.h"

G_BEGIN_DECLS

gboolean pf_ctl_unmount (
    PfCtl *ctl, GVariant *objections, const char *const *override, gboolean power_off, GError **error);
gboolean pf_ctl_unmount_ask (PfCtl *ctl, GVariant *objections, const char *const *override);

G_END_DECLS
