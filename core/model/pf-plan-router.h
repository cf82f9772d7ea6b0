/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

guint32 pf_plan_find_super_speed (const PfBoard *board, const PfRouter *router, guint32 off);
guint32 pf_plan_find_super_speed_bits (const PfRouter *router, guint32 ports);
PfPower pf_plan_find_power (const PfBoard *board, const PfRouter *router, guint32 routing);
void pf_plan_add_setting (PfPlan *plan, const PfRouter *router, PfRouterSetting setting, guint32 from, guint32 to);
void pf_plan_add_restore (PfPlan *plan, const PfRouter *router, guint32 routing, guint32 super_speed);

G_END_DECLS
