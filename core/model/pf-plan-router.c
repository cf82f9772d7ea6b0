/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of a router is changed beside where its USB2 ports go. */

#include "pf-plan-router.h"

/**
 * pf_plan_find_super_speed_bits:
 * @router: a router
 * @ports: bits of USB2 ports in XUSB2PR
 *
 * Which SuperSpeed port shares a socket with which USB2 port is the wiring of the board, and no register tells it.
 * The usual one is taken: SuperSpeed ports 1 to 4 with xHCI USB2 ports 1 to 4, 5 and 6 with 9 and 10. By the port
 * maps of all chipsets with a routing register that is SuperSpeed port n with USB2 pin n. On a board that is wired
 * otherwise, the half of another socket is switched off: what is in there falls back to USB2 and works on.
 *
 * Returns: bits of their SuperSpeed halves in USB3_PSSEN, as far as they may be changed
 */
guint32
pf_plan_find_super_speed_bits (const PfRouter *router, guint32 ports)
{
  guint32 bits = 0;

  for (guint pin = 0; pin < PF_CHIPSET_MAX_PORTS; pin++)
    {
      int bit = router->chipset->super_speed_bits[pin];

      if (bit != PF_CHIPSET_NO_BIT && (ports & (1u << pin)) != 0)
        bits |= 1u << bit;
    }
  return bits & router->super_speed_mask;
}

/**
 * pf_plan_find_super_speed:
 * @board: what there is
 * @router: a router on it
 * @off: bits of USB2 ports whose SuperSpeed half shall be off; all others are as at home
 *
 * Returns: what USB3_PSSEN shall be
 */
guint32
pf_plan_find_super_speed (const PfBoard *board, const PfRouter *router, guint32 off)
{
  guint32 home = router->super_speed_value;

  pf_loans_get_home (board->loans, router->controller->function->address, PF_SETTING_SUPER_SPEED, &home);
  return pf_port_map_combine (router->super_speed_value, home & ~pf_plan_find_super_speed_bits (router, off),
                              router->super_speed_mask);
}

/**
 * pf_plan_find_power:
 * @board: what there is
 * @router: a router on it
 * @routing: what XUSB2PR shall be
 *
 * Returns: on while @routing is another one than at home: a runtime resume of the xHCI would undo it; what it was
 *   before otherwise
 */
PfPower
pf_plan_find_power (const PfBoard *board, const PfRouter *router, guint32 routing)
{
  const char *address = router->controller->function->address;
  guint32 home = router->value;
  guint32 power = router->power;

  pf_loans_get_home (board->loans, address, PF_SETTING_ROUTING, &home);
  if (((routing ^ home) & router->mask) != 0)
    return PF_POWER_ON;
  pf_loans_get_home (board->loans, address, PF_SETTING_POWER, &power);
  return (PfPower) power;
}

static guint32
get_mask (const PfRouter *router, PfRouterSetting setting)
{
  switch (setting)
    {
    case PF_SETTING_SUPER_SPEED:
      return router->super_speed_mask;
    case PF_SETTING_POWER:
      return PF_POWER_ON | PF_POWER_AUTO;
    case PF_SETTING_ROUTING:
    default:
      return router->mask;
    }
}

/**
 * pf_plan_add_setting:
 * @plan: a plan
 * @router: a router
 * @setting: which of its settings
 * @from: what it is by then
 * @to: what it shall be; nothing is added where it is
 */
void
pf_plan_add_setting (PfPlan *plan, const PfRouter *router, PfRouterSetting setting, guint32 from, guint32 to)
{
  PfStep *step;

  if (from == to)
    return;
  step = pf_step_new (PF_STEP_ROUTE);
  step->router = g_strdup (router->controller->function->address);
  step->setting = setting;
  step->mask = get_mask (router, setting);
  step->from = from;
  step->to = to;
  g_ptr_array_add (plan->steps, step);
}

/**
 * pf_plan_add_restore:
 * @plan: a plan
 * @router: a router whose registers somebody else has changed
 * @routing: what XUSB2PR shall be again
 * @super_speed: what USB3_PSSEN shall be again
 *
 * Adds what it takes; the xHCI is kept from sleeping, which may be what changed them.
 */
void
pf_plan_add_restore (PfPlan *plan, const PfRouter *router, guint32 routing, guint32 super_speed)
{
  guint32 route = pf_port_map_combine (router->value, routing, router->mask);
  guint32 halves = pf_port_map_combine (router->super_speed_value, super_speed, router->super_speed_mask);
  guint32 on = router->super_speed_value | halves;

  if (route == router->value && halves == router->super_speed_value)
    return;
  pf_plan_add_setting (plan, router, PF_SETTING_POWER, router->power, PF_POWER_ON);
  pf_plan_add_setting (plan, router, PF_SETTING_SUPER_SPEED, router->super_speed_value, on);
  pf_plan_add_setting (plan, router, PF_SETTING_ROUTING, router->value, route);
  pf_plan_add_setting (plan, router, PF_SETTING_SUPER_SPEED, on, halves);
}
