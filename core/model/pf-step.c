/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps, the parts of a plan, and their inverses. */

#include "pf-plan.h"

static const char *const setting_names[PF_N_ROUTER_SETTINGS] = { "routing", "superspeed", "power" };

/**
 * pf_router_setting_to_string:
 * @setting: what of a router is changed
 *
 * Returns: (transfer none): its name
 */
const char *
pf_router_setting_to_string (PfRouterSetting setting)
{
  return setting_names[setting];
}

/**
 * pf_router_setting_from_string:
 * @name: any text
 * @setting: (out): what of a router is changed
 *
 * Returns: whether there is one of that name
 */
gboolean
pf_router_setting_from_string (const char *name, PfRouterSetting *setting)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    if (g_str_equal (setting_names[i], name))
      {
        *setting = (PfRouterSetting) i;
        return TRUE;
      }
  return FALSE;
}

static void
binding_set (PfBinding *binding, const char *driver, const char *driver_override)
{
  g_free (binding->driver);
  g_free (binding->driver_override);
  binding->driver = g_strdup (driver);
  binding->driver_override = g_strdup (driver_override);
}

static void
move_free (PfMove *move)
{
  g_free (move->address);
  binding_set (&move->from, NULL, NULL);
  binding_set (&move->to, NULL, NULL);
  g_free (move);
}

static void
node_change_free (PfNodeChange *change)
{
  g_free (change->address);
  g_free (change);
}

/**
 * pf_step_new:
 * @kind: what it does
 *
 * Returns: (transfer full): a step that does nothing yet
 */
PfStep *
pf_step_new (PfStepKind kind)
{
  PfStep *step = g_new0 (PfStep, 1);

  step->kind = kind;
  step->group = -1;
  step->node = step->node_before = PF_NODE_DEFAULT;
  step->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) move_free);
  step->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) node_change_free);
  return step;
}

/**
 * pf_step_free:
 * @step: (transfer full): a step
 */
void
pf_step_free (PfStep *step)
{
  g_ptr_array_unref (step->moves);
  g_ptr_array_unref (step->devices);
  g_free (step->router);
  g_free (step);
}

/**
 * pf_step_add_move:
 * @step: a step of kind PF_STEP_BIND
 * @address: PCI address of a function
 * @from: how it is bound before
 * @to: how it is bound afterwards
 */
void
pf_step_add_move (PfStep *step, const char *address, const PfBinding *from, const PfBinding *to)
{
  PfMove *move = g_new0 (PfMove, 1);

  move->address = g_strdup (address);
  binding_set (&move->from, from->driver, from->driver_override);
  binding_set (&move->to, to->driver, to->driver_override);
  g_ptr_array_add (step->moves, move);
}

/**
 * pf_step_add_device:
 * @step: a step of kind PF_STEP_BIND or PF_STEP_NODE
 * @address: PCI address of a function whose node is there
 * @from: who has that node before
 * @to: who has it afterwards
 */
void
pf_step_add_device (PfStep *step, const char *address, const PfNode *from, const PfNode *to)
{
  PfNodeChange *change = g_new0 (PfNodeChange, 1);

  change->address = g_strdup (address);
  change->from = *from;
  change->to = *to;
  g_ptr_array_add (step->devices, change);
}

/**
 * pf_step_find_device:
 * @step: a step
 * @address: PCI address of a function
 *
 * Returns: (transfer none) (nullable): what the step does to the node of that function, where it says so
 */
const PfNodeChange *
pf_step_find_device (const PfStep *step, const char *address)
{
  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *change = step->devices->pdata[i];

      if (g_str_equal (change->address, address))
        return change;
    }
  return NULL;
}

static void
copy_devices (PfStep *copy, const PfStep *step, gboolean inverted)
{
  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *change = step->devices->pdata[i];

      pf_step_add_device (copy, change->address, inverted ? &change->to : &change->from,
                          inverted ? &change->from : &change->to);
    }
}

static PfStep *
copy_step (const PfStep *step, gboolean inverted)
{
  PfStep *copy = pf_step_new (step->kind);

  copy->lends = inverted && step->kind == PF_STEP_BIND ? !step->lends : step->lends;
  copy->of_others = step->of_others;
  copy->group = step->group;
  copy->node = inverted ? step->node_before : step->node;
  copy->node_before = inverted ? step->node : step->node_before;
  copy->router = g_strdup (step->router);
  copy->setting = step->setting;
  copy->from = inverted ? step->to : step->from;
  copy->to = inverted ? step->from : step->to;
  copy->mask = step->mask;
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      if (inverted)
        pf_step_add_move (copy, move->address, &move->to, &move->from);
      else
        pf_step_add_move (copy, move->address, &move->from, &move->to);
    }
  copy_devices (copy, step, inverted);
  return copy;
}

/**
 * pf_step_copy:
 * @step: a step
 *
 * Returns: (transfer full): a deep copy
 */
PfStep *
pf_step_copy (const PfStep *step)
{
  return copy_step (step, FALSE);
}

/**
 * pf_step_invert:
 * @step: a step
 *
 * Returns: (transfer full): the step that undoes it
 */
PfStep *
pf_step_invert (const PfStep *step)
{
  return copy_step (step, TRUE);
}

static char *
describe_functions (const PfStep *step, const PfBoard *board)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfFunction *function = pf_board_find_function (board, move->address);

      g_ptr_array_add (names, function != NULL ? pf_function_describe (function) : g_strdup (move->address));
    }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

/* "ehci2/1, ehci2/3" for the ports that go one way. */
static char *
describe_ports (guint32 bits)
{
  PfPortSet ports = { .bits = bits };
  g_auto (GStrv) names = pf_port_set_to_names (&ports);

  return g_strjoinv (", ", names);
}

static char *
describe_route (const PfStep *step)
{
  guint32 changed = (step->from ^ step->to) & step->mask;
  g_autofree char *to_xhci = describe_ports (changed & step->to);
  g_autofree char *to_ehci = describe_ports (changed & ~step->to);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "Route on %s, XUSB2PR 0x%04x to 0x%04x:", step->router, step->from, step->to);
  if (*to_xhci != '\0')
    g_string_append_printf (text, " to xHCI %s", to_xhci);
  if (*to_ehci != '\0')
    g_string_append_printf (text, "%s to EHCI %s", *to_xhci != '\0' ? ";" : "", to_ehci);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "SuperSpeed port 1, 3" */
static char *
describe_super_speed (const PfStep *step)
{
  guint32 changed = (step->from ^ step->to) & step->mask;
  g_autoptr (GString) ports = g_string_new (NULL);

  for (guint bit = 0; bit < 32; bit++)
    if ((changed & (1u << bit)) != 0)
      g_string_append_printf (ports, "%s%u", ports->len > 0 ? ", " : "", bit + 1);
  return g_strdup_printf ("Switch %s SuperSpeed on %s, USB3_PSSEN 0x%04x to 0x%04x: SuperSpeed port %s",
                          (changed & step->to) != 0 ? "on" : "off", step->router, step->from, step->to, ports->str);
}

static char *
describe_setting (const PfStep *step)
{
  switch (step->setting)
    {
    case PF_SETTING_SUPER_SPEED:
      return describe_super_speed (step);
    case PF_SETTING_POWER:
      return g_strdup_printf (step->to == PF_POWER_ON
                                  ? "Keep %s awake: a runtime resume would route all ports to it"
                                  : "Let the kernel put %s to sleep again",
                              step->router);
    case PF_SETTING_ROUTING:
    default:
      return describe_route (step);
    }
}

/* "Give /dev/vfio/7 to user 1000 and group 104 (0660)" */
static char *
describe_node (const PfStep *step)
{
  return g_strdup_printf ("Give /dev/vfio/%d%s to user %u and group %u (%04o)", step->group,
                          step->devices->len > 0 ? " and the nodes of its devices" : "", step->node.uid,
                          step->node.gid, step->node.mode);
}

/**
 * pf_step_describe:
 * @step: a step
 * @board: the board, for names
 *
 * Returns: (transfer full): one sentence without its full stop
 */
char *
pf_step_describe (const PfStep *step, const PfBoard *board)
{
  g_autofree char *functions = NULL;

  if (step->kind == PF_STEP_ROUTE)
    return describe_setting (step);
  if (step->kind == PF_STEP_NODE)
    return describe_node (step);
  functions = describe_functions (step, board);
  return g_strdup_printf (step->lends ? "Lend IOMMU group %d to the guest: %s" : "Return IOMMU group %d to the host: %s",
                          step->group, functions);
}
