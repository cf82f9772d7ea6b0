/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-attendant.h"
#include "pf-ctl.h"

G_BEGIN_DECLS

PfAttendant *pf_ctl_attend_begin (PfCtl *ctl);
void pf_ctl_attend_wait (PfAttendant *attendant);
gboolean pf_ctl_attend_names_vm (PfCtl *ctl, const char *id);
GVariant *pf_ctl_attend_wait_for_left (PfCtl *ctl, PfAttendant *attendant, GVariant *left);

G_END_DECLS
