/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-menu-model.h"

G_BEGIN_DECLS

GPtrArray *pf_menu_controllers_build (const PfTrayState *state);

G_END_DECLS
