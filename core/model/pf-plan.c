/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The planner: a pure function from a board and a profile to steps.
 *
 * Order: ports go home first, as far as their controllers at home are there; controllers come back; ports go home to
 * those; controllers are lent; ports go to the guest. So a port is never routed to a controller that is about to
 * change hands, and the guest's side is ready before ports arrive. Where no controller moves, all routing is one
 * register write. Around it: SuperSpeed halves are switched on before, and off after USB2 ports move; the xHCI is kept
 * from sleeping before the first and until after the last of that.
 */

#include "pf-plan-node.h"
#include "pf-plan-router.h"

#include "pf-error.h"

typedef struct
{
  const PfBoard *board;
  const PfProfile *profile;
  PfNode node;
  GHashTable *groups;         /* of int: those that belong to the guest */
  const PfController *router; /* that the profile's ports are of; NULL for any */
  PfPlan *plan;
} Planner;

/**
 * pf_plan_new:
 * @profile: id of the profile it leads to
 *
 * Returns: (transfer full): an empty plan
 */
PfPlan *
pf_plan_new (const char *profile)
{
  PfPlan *plan = g_new0 (PfPlan, 1);

  plan->profile = g_strdup (profile);
  plan->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);
  return plan;
}

/**
 * pf_plan_free:
 * @plan: (transfer full): a plan
 */
void
pf_plan_free (PfPlan *plan)
{
  g_free (plan->profile);
  g_ptr_array_unref (plan->steps);
  g_free (plan);
}

/**
 * pf_plan_copy:
 * @plan: a plan
 *
 * Returns: (transfer full): a deep copy
 */
PfPlan *
pf_plan_copy (const PfPlan *plan)
{
  PfPlan *copy = pf_plan_new (plan->profile);

  for (guint i = 0; i < plan->steps->len; i++)
    g_ptr_array_add (copy->steps, pf_step_copy (plan->steps->pdata[i]));
  return copy;
}

/**
 * pf_plan_invert:
 * @plan: a plan
 *
 * Returns: (transfer full): the plan that takes everything back
 */
PfPlan *
pf_plan_invert (const PfPlan *plan)
{
  PfPlan *inverse = pf_plan_new (plan->profile);

  for (guint i = plan->steps->len; i > 0; i--)
    g_ptr_array_add (inverse->steps, pf_step_invert (plan->steps->pdata[i - 1]));
  return inverse;
}

/**
 * pf_plan_is_empty:
 * @plan: a plan
 *
 * Returns: whether the board is there already
 */
gboolean
pf_plan_is_empty (const PfPlan *plan)
{
  return plan->steps->len == 0;
}

static gboolean
group_is_wanted (const Planner *planner, const PfController *controller)
{
  return controller->group != NULL && g_hash_table_contains (planner->groups, GINT_TO_POINTER (controller->group->id));
}

/* Who has @controller once the plan is done: whoever had it before it was lent. What others have lent stays lent. */
static PfOwner
get_final_owner (const Planner *planner, const PfController *controller)
{
  PfFunction then = *controller->function;
  const PfLoan *loan = pf_loans_find_by_member (planner->board->loans, then.address);

  if (group_is_wanted (planner, controller))
    return PF_OWNER_GUEST;
  if (loan != NULL)
    then.driver = pf_loan_find_member (loan, then.address)->driver;
  return pf_function_get_owner (&then);
}

static gboolean
collect_groups (Planner *planner, GError **error)
{
  for (guint i = 0; i < planner->profile->controllers->len; i++)
    {
      PfController *controller
          = pf_device_key_resolve (planner->profile->controllers->pdata[i], planner->profile, planner->board, error);

      if (controller == NULL || !pf_controller_can_be_lent (planner->board, controller, error))
        return FALSE;
      g_hash_table_add (planner->groups, GINT_TO_POINTER (controller->group->id));
    }
  return TRUE;
}

static gboolean
binding_is (const PfFunction *function, const PfBinding *binding)
{
  return g_strcmp0 (function->driver, binding->driver) == 0
         && g_strcmp0 (function->driver_override, binding->driver_override) == 0;
}

/* What @function was before it was lent, or is now where it was not. */
static PfBinding
get_home_binding (const PfLoan *loan, const PfFunction *function)
{
  const PfLoanMember *recorded = loan != NULL ? pf_loan_find_member (loan, function->address) : NULL;

  if (recorded != NULL)
    return (PfBinding){ recorded->driver, recorded->driver_override };
  return (PfBinding){ function->driver, function->driver_override };
}

static void
plan_lend (const Planner *planner, const PfGroup *group, GPtrArray *steps)
{
  const PfBinding lent = { (char *) PF_VFIO_DRIVER, (char *) PF_VFIO_DRIVER };
  const PfLoan *loan = pf_loans_find (planner->board->loans, group->id);
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_BIND);

  step->lends = TRUE;
  step->group = group->id;
  step->node = planner->node;
  if (group->has_node)
    step->node_before = (PfNode){ group->node_uid, group->node_gid, group->node_mode };
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];
      PfBinding home;

      if (!member->is_pci || pf_function_is_bridge (member) || pf_function_is_lent (member))
        continue;
      home = get_home_binding (loan, member);
      pf_step_add_move (step, member->address, &home, &lent);
    }
  pf_plan_lend_devices (step, group);
  if (step->moves->len > 0)
    g_ptr_array_add (steps, g_steal_pointer (&step));
}

static GPtrArray *
plan_lends (const Planner *planner)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);

  for (guint i = 0; i < planner->board->groups->len; i++)
    {
      const PfGroup *group = planner->board->groups->pdata[i];

      if (g_hash_table_contains (planner->groups, GINT_TO_POINTER (group->id)))
        plan_lend (planner, group, steps);
    }
  return steps;
}

static void
plan_return (const Planner *planner, const PfLoan *loan, GPtrArray *steps)
{
  const PfGroup *group = pf_board_find_group (planner->board, loan->group);
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_BIND);

  step->group = loan->group;
  step->node = loan->node;
  if (group != NULL && group->has_node)
    step->node_before = (PfNode){ group->node_uid, group->node_gid, group->node_mode };
  for (guint i = 0; i < loan->members->len; i++)
    {
      const PfLoanMember *member = loan->members->pdata[i];
      const PfFunction *function = pf_board_find_function (planner->board, member->address);
      const PfBinding home = { member->driver, member->driver_override };

      if (function != NULL && !binding_is (function, &home))
        {
          const PfBinding now = { function->driver, function->driver_override };

          pf_step_add_move (step, member->address, &now, &home);
        }
    }
  if (group != NULL)
    pf_plan_return_devices (step, group, loan);
  if (step->moves->len > 0)
    g_ptr_array_add (steps, g_steal_pointer (&step));
}

static GPtrArray *
plan_returns (const Planner *planner)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);
  const PfLoans *loans = planner->board->loans;

  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfLoan *loan = loans->loans->pdata[i];

      if (!g_hash_table_contains (planner->groups, GINT_TO_POINTER (loan->group)))
        plan_return (planner, loan, steps);
    }
  return steps;
}

/* One router: where each of its ports goes. */
typedef struct
{
  const PfRouter *router;
  guint32 guest; /* bits of the ports that belong to the guest */
  guint32 value; /* what the register shall be */
  guint32 now;   /* what it is after the steps planned so far */
  guint32 super_speed; /* what USB3_PSSEN shall be */
} Routing;

static gboolean
resolve_guest_ports (const Planner *planner, Routing *routing, GError **error)
{
  const PfProfile *profile = planner->profile;
  const PfRouter *router = routing->router;
  guint32 missing;

  if (pf_port_set_is_empty (&profile->ports) || (planner->router != NULL && planner->router != router->controller))
    return TRUE;
  routing->guest = pf_port_set_resolve (&profile->ports, router->existing);
  missing = routing->guest & ~router->existing;
  if (missing == 0)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE,
               "The profile “%s” names ports that this machine does not have (mask 0x%04x; there are 0x%04x).",
               profile->label, missing, router->existing);
  return FALSE;
}

/* Which side a port of the guest goes to: 1 for the xHCI, 0 for its EHCI, -1 when neither belongs to the guest. */
static int
choose_guest_side (const Planner *planner, const Routing *routing, guint bit)
{
  const PfController *ehci = pf_router_get_side (routing->router, bit, 0);
  gboolean ehci_is_guests = ehci != NULL && get_final_owner (planner, ehci) == PF_OWNER_GUEST;
  gboolean xhci_is_guests = get_final_owner (planner, routing->router->controller) == PF_OWNER_GUEST;

  if (planner->profile->side != PF_SIDE_AUTO)
    return planner->profile->side == PF_SIDE_XHCI;
  if (ehci_is_guests && xhci_is_guests)
    return (routing->router->value >> bit) & 1;
  if (ehci_is_guests || xhci_is_guests)
    return xhci_is_guests;
  return -1;
}

/* Which side a port of the host goes to. At home that is where it was; elsewhere the xHCI, as the kernel has it at
 * boot (drivers/usb/host/pci-quirks.c), so that a profile always means the same mask. */
static int
choose_host_side (const Planner *planner, const Routing *routing, guint bit, gboolean at_home)
{
  const PfController *ehci = pf_router_get_side (routing->router, bit, 0);
  gboolean ehci_is_hosts = ehci != NULL && get_final_owner (planner, ehci) == PF_OWNER_HOST;
  gboolean xhci_is_hosts = get_final_owner (planner, routing->router->controller) == PF_OWNER_HOST;
  guint32 home = routing->router->value;

  if (at_home)
    {
      pf_loans_get_home_routing (planner->board->loans, routing->router->controller->function->address, &home);
      return (home >> bit) & 1;
    }
  if (!ehci_is_hosts && !xhci_is_hosts)
    return (home >> bit) & 1;
  return xhci_is_hosts;
}

static gboolean
router_is_concerned (const Planner *planner, const Routing *routing)
{
  const PfRouter *router = routing->router;

  if (pf_profile_is_home (planner->profile))
    return FALSE;
  if (routing->guest != 0 || group_is_wanted (planner, router->controller))
    return TRUE;
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    if (router->ehci[i] != NULL && group_is_wanted (planner, router->ehci[i]))
      return TRUE;
  return FALSE;
}

static gboolean
refuse_port (GError **error, const Planner *planner, guint bit, const char *why)
{
  g_autofree char *port = pf_port_map_bit_to_name (bit);

  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE, "The profile “%s” gives the port %s to the guest, but %s.",
               planner->profile->label, port, why);
  return FALSE;
}

static gboolean
compute_routing (const Planner *planner, Routing *routing, GError **error)
{
  const PfRouter *router = routing->router;
  gboolean at_home;

  routing->value = routing->now = router->value;
  if (!resolve_guest_ports (planner, routing, error))
    return FALSE;
  at_home = !router_is_concerned (planner, routing);
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    {
      gboolean guests = (routing->guest & (1u << bit)) != 0;
      int side;

      if ((router->existing & (1u << bit)) == 0)
        continue;
      side = guests ? choose_guest_side (planner, routing, bit) : choose_host_side (planner, routing, bit, at_home);
      if (side < 0)
        return refuse_port (error, planner, bit, "lends neither its EHCI nor its xHCI controller");
      if ((router->mask & (1u << bit)) != 0)
        routing->value = pf_port_map_combine (routing->value, (guint32) side << bit, 1u << bit);
      else if (guests && side != (int) ((router->value >> bit) & 1))
        return refuse_port (error, planner, bit, "the firmware does not let that port move");
    }
  routing->super_speed = pf_plan_find_super_speed (
      planner->board, router, planner->profile->super_speed_off ? routing->guest & ~routing->value : 0);
  return TRUE;
}

/* The ports that can move before any controller does: their new controller has them for the host already. */
static guint32
find_early_bits (const Planner *planner, const Routing *routing)
{
  guint32 early = 0;

  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    {
      const PfController *side = pf_router_get_side (routing->router, bit, routing->value);

      if ((routing->guest & (1u << bit)) == 0 && side != NULL
          && pf_function_get_owner (side->function) == PF_OWNER_HOST
          && get_final_owner (planner, side) == PF_OWNER_HOST)
        early |= 1u << bit;
    }
  return early;
}

static guint32
plan_route (Planner *planner, const Routing *routing, guint32 now, guint32 bits)
{
  guint32 then = pf_port_map_combine (now, routing->value, bits & routing->router->mask);

  pf_plan_add_setting (planner->plan, routing->router, PF_SETTING_ROUTING, now, then);
  return then;
}

static void
plan_before_routes (Planner *planner, const GArray *routings)
{
  for (guint i = 0; i < routings->len; i++)
    {
      const Routing *routing = &g_array_index (routings, Routing, i);
      const PfRouter *router = routing->router;

      if (pf_plan_find_power (planner->board, router, routing->value) == PF_POWER_ON)
        pf_plan_add_setting (planner->plan, router, PF_SETTING_POWER, router->power, PF_POWER_ON);
      pf_plan_add_setting (planner->plan, router, PF_SETTING_SUPER_SPEED, router->super_speed_value,
                           router->super_speed_value | routing->super_speed);
    }
}

static void
plan_after_routes (Planner *planner, const GArray *routings)
{
  for (guint i = 0; i < routings->len; i++)
    {
      const Routing *routing = &g_array_index (routings, Routing, i);
      const PfRouter *router = routing->router;

      pf_plan_add_setting (planner->plan, router, PF_SETTING_SUPER_SPEED,
                           router->super_speed_value | routing->super_speed, routing->super_speed);
      if (pf_plan_find_power (planner->board, router, routing->value) == PF_POWER_AUTO)
        pf_plan_add_setting (planner->plan, router, PF_SETTING_POWER, router->power, PF_POWER_AUTO);
    }
}

/* Finds the router whose ports a profile speaks of. */
static gboolean
resolve_router (Planner *planner, GError **error)
{
  const PfProfile *profile = planner->profile;
  g_autofree char *name = NULL;

  if (pf_port_set_is_empty (&profile->ports))
    return TRUE;
  if (profile->router != NULL)
    {
      planner->router = pf_device_key_resolve (profile->router, profile, planner->board, error);
      if (planner->router == NULL)
        return FALSE;
    }
  if (planner->router != NULL ? planner->router->router != NULL : planner->board->routers->len > 0)
    return TRUE;
  if (planner->router != NULL)
    name = pf_function_describe (planner->router->function);
  g_set_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER,
               "The profile “%s” moves single ports, but %s has no USB2 routing register.%s", profile->label,
               name != NULL ? name : "this machine",
               pf_board_can_lend (planner->board, NULL) ? " Whole controllers can still be lent." : "");
  return FALSE;
}

static GArray *
compute_routings (const Planner *planner, GError **error)
{
  g_autoptr (GArray) routings = g_array_new (FALSE, TRUE, sizeof (Routing));
  const GPtrArray *routers = planner->board->routers;

  for (guint i = 0; i < routers->len; i++)
    {
      Routing routing = { .router = routers->pdata[i] };

      if (!compute_routing (planner, &routing, error))
        return NULL;
      g_array_append_val (routings, routing);
    }
  return g_steal_pointer (&routings);
}

static void
plan_routes (Planner *planner, const GArray *routings, guint32 (*select_bits) (const Planner *, const Routing *))
{
  for (guint i = 0; i < routings->len; i++)
    {
      Routing *routing = &g_array_index (routings, Routing, i);

      routing->now = plan_route (planner, routing, routing->now, select_bits (planner, routing));
    }
}

static guint32
select_all (const Planner *planner, const Routing *routing)
{
  return G_MAXUINT32;
}

static guint32
select_hosts (const Planner *planner, const Routing *routing)
{
  return ~routing->guest;
}

static void
append_steps (PfPlan *plan, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (plan->steps, pf_step_copy (steps->pdata[i]));
}

static void
plan_steps (Planner *planner, const GArray *routings)
{
  g_autoptr (GPtrArray) returns = plan_returns (planner);
  g_autoptr (GPtrArray) lends = plan_lends (planner);

  plan_before_routes (planner, routings);
  if (returns->len > 0 || lends->len > 0)
    plan_routes (planner, routings, find_early_bits);
  append_steps (planner->plan, returns);
  if (lends->len > 0)
    plan_routes (planner, routings, select_hosts);
  append_steps (planner->plan, lends);
  pf_plan_add_nodes (planner->plan, planner->board, planner->profile, &planner->node, planner->groups);
  plan_routes (planner, routings, select_all);
  plan_after_routes (planner, routings);
}

/**
 * pf_plan_compute:
 * @board: what there is
 * @profile: what is wished
 * @node: who gets the nodes of the groups that are lent; of those that are lent already only as far as
 * @profile names a user or a group
 * @error: PF_ERROR_BOARD_MISMATCH, PF_ERROR_NO_SUCH_DEVICE, PF_ERROR_NOT_USB_CONTROLLER, PF_ERROR_NO_IOMMU,
 *   PF_ERROR_GROUP_NOT_VIABLE, PF_ERROR_NO_ROUTING_REGISTER or PF_ERROR_INVALID_PROFILE
 *
 * Works out what it takes. The same board and profile always give the same plan; a board that is in the
 * profile already gives an empty one.
 *
 * Returns: (transfer full): the plan, or NULL when the profile cannot be had on this board
 */
PfPlan *
pf_plan_compute (const PfBoard *board, const PfProfile *profile, const PfNode *node, GError **error)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (NULL, NULL);
  g_autoptr (PfPlan) plan = pf_plan_new (profile->id);
  Planner planner = { board, profile, *node, groups, NULL, plan };
  g_autoptr (GArray) routings = NULL;

  if (!collect_groups (&planner, error) || !resolve_router (&planner, error))
    return NULL;
  routings = compute_routings (&planner, error);
  if (routings == NULL)
    return NULL;
  plan_steps (&planner, routings);
  return g_steal_pointer (&plan);
}
