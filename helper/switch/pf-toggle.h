/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-services.h"

G_BEGIN_DECLS

char *pf_toggle_find_target (const PfServices *services);

G_END_DECLS
