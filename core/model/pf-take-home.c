/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking home what others have lent. Nobody does that unasked: it is the plan of a call of its own, and of no
 * profile.
 *
 * There is no record of what the functions had before, so they go to the drivers that the kernel would give
 * them. The class of a USB controller tells its driver, and an override names it: that beats the ids that
 * vfio-pci was told to take (pci_match_device() in drivers/pci/pci-driver.c). Once the driver has the function,
 * the override can go. All other functions are probed without an override. */

#include "pf-take-home.h"

#include "pf-error.h"
#include "pf-objection.h"

#define VENDOR_RENESAS 0x1912

/* The names of the PCI drivers in Linux, drivers/usb/host/ and drivers/thunderbolt/. An xHCI of Renesas has
 * one of its own since Linux 6.12 (xhci-pci-renesas.c), and xhci_hcd may refuse it then. */
static const char *
find_native_driver (const PfFunction *function)
{
  if (!pf_function_is_usb_controller (function))
    return PF_NATIVE_DRIVER;
  switch (pf_controller_kind_from_class (function->class_code))
    {
    case PF_CONTROLLER_KIND_UHCI:
      return "uhci_hcd";
    case PF_CONTROLLER_KIND_OHCI:
      return "ohci-pci";
    case PF_CONTROLLER_KIND_EHCI:
      return "ehci-pci";
    case PF_CONTROLLER_KIND_XHCI:
      return function->vendor == VENDOR_RENESAS ? PF_NATIVE_DRIVER : "xhci_hcd";
    case PF_CONTROLLER_KIND_USB4:
      return "thunderbolt";
    case PF_CONTROLLER_KIND_OTHER:
    default:
      return PF_NATIVE_DRIVER;
    }
}

static gboolean
refuse (const PfFunction *function, PfError code, const char *why, GError **error)
{
  g_autofree char *name = pf_function_describe (function);

  g_set_error (error, PF_ERROR, (int) code, "%s is not taken home: %s", name, why);
  return FALSE;
}

/* Of the controller itself: whose it is. */
static gboolean
check_lender (const PfBoard *board, const PfController *controller, GError **error)
{
  const PfFunction *function = controller->function;

  if (!pf_function_is_lent (function))
    return refuse (function, PF_ERROR_OBJECTION, "it is not lent.", error);
  if (!pf_loans_are_empty (board->loans))
    return refuse (function, PF_ERROR_BUSY,
                   "Portferry itself has lent something, or a profile is in force that may count on it. "
                   "Bring everything "
                   "home first (portferryctl home).",
                   error);
  if (controller->group == NULL)
    return refuse (function, PF_ERROR_NO_IOMMU, "it is in no IOMMU group.", error);
  return TRUE;
}

/* The kernel would give it to vfio-pci again, and what its driver is called is not known. */
static gboolean
check_member (const PfBoard *board, const PfFunction *member, GError **error)
{
  const PfLenderDevice device = pf_function_get_lender_device (member);
  g_autofree char *who = NULL;
  g_autofree char *advice = NULL;
  g_autofree char *why = NULL;

  if (g_strcmp0 (find_native_driver (member), PF_NATIVE_DRIVER) != 0
      || (pf_lender_find (board->lenders, &device) & PF_LENDER_AT_PROBE) == 0)
    return TRUE;
  who = pf_lender_describe (board->lenders, &device);
  advice = pf_lender_advise_for_good (board->lenders, &device);
  why = g_strdup_printf ("the kernel would give it to vfio-pci again, because it is lent by %s. %s", who,
                         advice);
  return refuse (member, PF_ERROR_OBJECTION, why, error);
}

static gboolean
add_moves (const PfBoard *board, const PfGroup *group, PfStep *step, GError **error)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];
      const PfBinding from = { member->driver, member->driver_override };
      const PfBinding to = { (char *) find_native_driver (member), NULL };

      if (!member->is_pci || pf_function_is_bridge (member) || !pf_function_is_lent (member))
        continue;
      if (!check_member (board, member, error))
        return FALSE;
      pf_step_add_move (step, member->address, &from, &to);
    }
  return TRUE;
}

/**
 * pf_take_home_plan:
 * @board: what there is
 * @controller: a controller on it
 * @error: PF_ERROR_OBJECTION, PF_ERROR_BUSY, PF_ERROR_STUCK where the kernel does not answer about a member,
 *   PF_ERROR_NO_IOMMU
 *
 * Returns: (transfer full): what takes home all of the controller's group that others have lent, whoever holds it
 *   now; NULL where that is not possible
 */
PfPlan *
pf_take_home_plan (const PfBoard *board, const PfController *controller, GError **error)
{
  g_autoptr (PfPlan) plan = pf_plan_new (PF_TAKE_HOME_PROFILE);
  const PfGroup *group = controller->group;
  PfStep *step;

  if (!check_lender (board, controller, error))
    return NULL;
  step = pf_step_new (PF_STEP_BIND);
  step->of_others = TRUE;
  step->group = group->id;
  if (group->has_node)
    step->node_before = (PfNode){ group->node_uid, group->node_gid, group->node_mode };
  g_ptr_array_add (plan->steps, step);
  return add_moves (board, group, step, error) ? g_steal_pointer (&plan) : NULL;
}

/**
 * pf_take_home_compute:
 * @board: what there is
 * @controller: a controller on it
 * @error: as from pf_take_home_plan(), and PF_ERROR_HELD
 *
 * Returns: (transfer full): the same plan; NULL where something speaks against it
 */
PfPlan *
pf_take_home_compute (const PfBoard *board, const PfController *controller, GError **error)
{
  g_autoptr (PfPlan) plan = pf_take_home_plan (board, controller, error);
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (GPtrArray) objections = NULL;

  if (plan == NULL)
    return NULL;
  objections = pf_objections_compute (board, plan, home);
  return pf_objections_check (objections, NULL, error) ? g_steal_pointer (&plan) : NULL;
}

/**
 * pf_take_home_advise:
 * @board: the board
 * @controller: one on it that others have lent
 *
 * Returns: (transfer full): how it is given back, as sentences; that it can be taken home only where that would not be
 *   refused, and else why it is
 */
char *
pf_take_home_advise (const PfBoard *board, const PfController *controller)
{
  const PfLenderDevice device = pf_function_get_lender_device (controller->function);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_take_home_compute (board, controller, &error);

  return pf_lender_advise (board->lenders, &device, g_error_matches (error, PF_ERROR, PF_ERROR_HELD),
                           error != NULL ? error->message : NULL);
}

/**
 * pf_take_home_name:
 * @board: the board
 * @address: of a controller
 *
 * Returns: (transfer full): what would be taken home with it, by addresses and drivers; "" for nothing
 */
char *
pf_take_home_name (const PfBoard *board, const char *address)
{
  const PfController *controller = pf_board_find_controller (board, address);
  GString *text = g_string_new (NULL);

  for (guint i = 0; controller != NULL && controller->group != NULL && i < controller->group->members->len; i++)
    {
      const PfFunction *member = controller->group->members->pdata[i];

      if (pf_function_is_lent_by_others (board, member))
        g_string_append_printf (text, "%s %s\n", member->address, member->driver);
    }
  return g_string_free (text, FALSE);
}
