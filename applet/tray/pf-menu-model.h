/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-menu-rows.h"
#include "pf-tray-state.h"
#include "pf-verb.h"

G_BEGIN_DECLS

GPtrArray *pf_menu_model_build (const PfTrayState *state);
const PfMenuRow *pf_menu_model_find (GPtrArray *rows, PfVerb verb, const char *target);

G_END_DECLS
