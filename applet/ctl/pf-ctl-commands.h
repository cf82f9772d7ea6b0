/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-ctl.h"

G_BEGIN_DECLS

int pf_ctl_commands_run (char **line);

G_END_DECLS
