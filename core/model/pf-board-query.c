/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions that a linked PfBoard answers. */

#include "pf-board.h"

#include <string.h>

#include "pf-error.h"
#include "pf-port-map.h"

static const char *const kind_names[] = {
  [PF_CONTROLLER_KIND_UHCI] = "uhci", [PF_CONTROLLER_KIND_OHCI] = "ohci", [PF_CONTROLLER_KIND_EHCI] = "ehci",
  [PF_CONTROLLER_KIND_XHCI] = "xhci", [PF_CONTROLLER_KIND_USB4] = "usb4", [PF_CONTROLLER_KIND_OTHER] = "other",
};

static const char *const owner_names[] = {
  [PF_OWNER_HOST] = "host",
  [PF_OWNER_GUEST] = "guest",
  [PF_OWNER_NOBODY] = "nobody",
};

/**
 * pf_controller_kind_from_class:
 * @class_code: 24 bits; the last eight are the programming interface (PCI Code and ID Assignment, class 0c03)
 *
 * Returns: the kind of USB controller
 */
PfControllerKind
pf_controller_kind_from_class (guint32 class_code)
{
  switch (class_code & 0xff)
    {
    case 0x00:
      return PF_CONTROLLER_KIND_UHCI;
    case 0x10:
      return PF_CONTROLLER_KIND_OHCI;
    case 0x20:
      return PF_CONTROLLER_KIND_EHCI;
    case 0x30:
      return PF_CONTROLLER_KIND_XHCI;
    case 0x40:
      return PF_CONTROLLER_KIND_USB4;
    default:
      return PF_CONTROLLER_KIND_OTHER;
    }
}

/**
 * pf_controller_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): its name as on D-Bus
 */
const char *
pf_controller_kind_to_string (PfControllerKind kind)
{
  return kind_names[kind];
}

/**
 * pf_owner_to_string:
 * @owner: an owner
 *
 * Returns: (transfer none): its name as on D-Bus
 */
const char *
pf_owner_to_string (PfOwner owner)
{
  return owner_names[owner];
}

/**
 * pf_board_find_function:
 * @board: a board
 * @address: canonical PCI address
 *
 * Returns: (transfer none) (nullable): the function
 */
PfFunction *
pf_board_find_function (const PfBoard *board, const char *address)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      PfFunction *function = board->functions->pdata[i];

      if (g_str_equal (function->address, address))
        return function;
    }
  return NULL;
}

/**
 * pf_board_find_controller:
 * @board: a board
 * @address: canonical PCI address
 *
 * Returns: (transfer none) (nullable): the controller
 */
PfController *
pf_board_find_controller (const PfBoard *board, const char *address)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      PfController *controller = board->controllers->pdata[i];

      if (g_str_equal (controller->function->address, address))
        return controller;
    }
  return NULL;
}

/**
 * pf_board_find_controller_by_path:
 * @board: a board
 * @path: see PfFunction
 *
 * Returns: (transfer none) (nullable): the controller that sits there
 */
PfController *
pf_board_find_controller_by_path (const PfBoard *board, const char *path)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      PfController *controller = board->controllers->pdata[i];

      if (g_strcmp0 (controller->function->path, path) == 0)
        return controller;
    }
  return NULL;
}

static gboolean
has_other (const PfBoard *board, const char *address)
{
  return g_ptr_array_find_with_equal_func (board->others, address, g_str_equal, NULL);
}

/**
 * pf_board_require_controller:
 * @board: a board
 * @address: canonical PCI address
 * @error: PF_ERROR_NO_SUCH_DEVICE or PF_ERROR_NOT_USB_CONTROLLER
 *
 * Returns: (transfer none): the controller, or NULL
 */
PfController *
pf_board_require_controller (const PfBoard *board, const char *address, GError **error)
{
  PfController *controller = pf_board_find_controller (board, address);
  PfFunction *function = pf_board_find_function (board, address);

  if (controller != NULL)
    return controller;
  if (function != NULL)
    {
      g_autofree char *name = pf_function_describe (function);

      g_set_error (error, PF_ERROR, PF_ERROR_NOT_USB_CONTROLLER,
                   "%s is not a USB controller. It shares IOMMU group %d with one and %s; name the USB controller "
                   "instead.",
                   name, function->iommu_group,
                   pf_function_is_bridge (function) ? "stays with the host, as bridges do"
                                                    : "goes along when that is lent");
    }
  else if (has_other (board, address))
    g_set_error (error, PF_ERROR, PF_ERROR_NOT_USB_CONTROLLER,
                 "The device at %s is not a USB controller into which something can be plugged. “portferryctl controllers” "
                 "lists those.", address);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE,
                 "There is no device at %s. “portferryctl controllers” lists the USB controllers.", address);
  return NULL;
}

/**
 * pf_board_find_group:
 * @board: a board
 * @id: number of an IOMMU group
 *
 * Returns: (transfer none) (nullable): the group, when a controller is in it
 */
PfGroup *
pf_board_find_group (const PfBoard *board, int id)
{
  for (guint i = 0; i < board->groups->len; i++)
    {
      PfGroup *group = board->groups->pdata[i];

      if (group->id == id)
        return group;
    }
  return NULL;
}

/**
 * pf_board_find_router:
 * @board: a board
 * @address: canonical PCI address of an xHCI
 *
 * Returns: (transfer none) (nullable): the router
 */
PfRouter *
pf_board_find_router (const PfBoard *board, const char *address)
{
  PfController *controller = pf_board_find_controller (board, address);

  return controller != NULL ? controller->router : NULL;
}

/**
 * pf_controller_get_lender:
 * @board: the board
 * @controller: a controller on it
 *
 * Returns: (transfer none): "portferry" or "others" for a controller that is lent, "" otherwise
 */
const char *
pf_controller_get_lender (const PfBoard *board, const PfController *controller)
{
  if (!pf_function_is_lent (controller->function))
    return "";
  return pf_loans_find_by_member (board->loans, controller->function->address) != NULL ? "portferry" : "others";
}

/**
 * pf_function_is_lent_by_others:
 * @board: the board
 * @function: a function on it
 *
 * Returns: whether it is lent, and not by our record
 */
gboolean
pf_function_is_lent_by_others (const PfBoard *board, const PfFunction *function)
{
  return pf_function_is_lent (function) && pf_loans_find_by_member (board->loans, function->address) == NULL;
}

/**
 * pf_function_get_lender_device:
 * @function: a function
 *
 * Returns: what pf_lender_find() compares; valid as long as @function is
 */
PfLenderDevice
pf_function_get_lender_device (const PfFunction *function)
{
  return (PfLenderDevice){
    .address = function->address,
    .driver = function->driver,
    .driver_override = function->driver_override,
    .vendor = function->vendor,
    .device = function->device,
    .subsystem_vendor = function->subsystem_vendor,
    .subsystem_device = function->subsystem_device,
    .class_code = function->class_code,
  };
}

/**
 * pf_router_get_side:
 * @router: a router
 * @bit: of one of its ports
 * @value: a value of XUSB2PR
 *
 * Returns: (transfer none) (nullable): the controller that has the port with that value
 */
PfController *
pf_router_get_side (const PfRouter *router, guint bit, guint32 value)
{
  if ((value & (1u << bit)) != 0)
    return router->controller;
  return router->ehci[pf_port_map_bit_to_ehci (bit) - 1];
}

/**
 * pf_router_get_port_owner:
 * @router: a router
 * @bit: of one of its ports
 *
 * Returns: who has the port now: the owner of the controller it is routed to
 */
PfOwner
pf_router_get_port_owner (const PfRouter *router, guint bit)
{
  const PfController *side = pf_router_get_side (router, bit, router->value);

  return side != NULL ? pf_function_get_owner (side->function) : PF_OWNER_NOBODY;
}

/**
 * pf_board_describe_iommu:
 * @board: a board
 *
 * Returns: (transfer full): in English, whether there is an IOMMU, and what to do where there is none
 */
char *
pf_board_describe_iommu (const PfBoard *board)
{
  const PfIommuFacts facts = {
    .cpu_vendor = board->cpu_vendor,
    .table = board->iommu_table,
    .has_driver = board->has_iommu_driver,
    .has_groups = board->has_iommu,
    .parameters = board->kernel_parameters,
  };

  return pf_iommu_describe (&facts);
}

/* One text for the whole machine where it has no IOMMU: who lists controllers can say it once. */
static void
set_no_iommu (const PfBoard *board, const char *name, GError **error)
{
  g_autofree char *iommu = NULL;

  if (board->has_iommu)
    {
      g_set_error (
          error, PF_ERROR, PF_ERROR_NO_IOMMU,
          "%s cannot be lent: it is in no IOMMU group, although the IOMMU is on. The firmware does not put "
          "it under the IOMMU; a firmware update may help.",
          name);
      return;
    }
  iommu = pf_board_describe_iommu (board);
  g_set_error (error, PF_ERROR, PF_ERROR_NO_IOMMU, "No controller can be lent. %s", iommu);
}

static gboolean
check_answers (const PfController *controller, GError **error)
{
  const PfFunction *stuck = pf_group_find_stuck (controller->group);
  g_autofree char *problem = NULL;

  if (stuck == NULL)
    return TRUE;
  problem = pf_function_describe_stuck (stuck);
  g_set_error_literal (error, PF_ERROR, PF_ERROR_STUCK, problem);
  return FALSE;
}

static gboolean
check_group (const PfController *controller, const char *name, GError **error)
{
  const PfFunction *blocker = NULL;
  g_autofree char *blocker_name = NULL;

  if (!check_answers (controller, error))
    return FALSE;
  if (pf_group_is_viable (controller->group, &blocker))
    return TRUE;
  blocker_name = pf_function_describe (blocker);
  g_set_error (error, PF_ERROR, PF_ERROR_GROUP_NOT_VIABLE,
               "%s cannot be lent: %s in the same IOMMU group %d keeps the host's driver %s and cannot be moved. "
               "Unload that driver, or plug the controller into another slot.",
               name, blocker_name, controller->group->id, blocker->driver);
  return FALSE;
}

/**
 * pf_controller_can_be_lent:
 * @board: the board
 * @controller: a controller on it
 * @error: PF_ERROR_NO_IOMMU, PF_ERROR_GROUP_NOT_VIABLE, PF_ERROR_NO_SUCH_DEVICE or PF_ERROR_STUCK
 *
 * Returns: whether nothing about the board speaks against it
 */
gboolean
pf_controller_can_be_lent (const PfBoard *board, const PfController *controller, GError **error)
{
  g_autofree char *name = pf_function_describe (controller->function);

  if (controller->function->dead)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE,
                   "%s does not answer: its config space reads as all ones. Only a reboot or a power cycle helps.",
                   name);
      return FALSE;
    }
  if (controller->group == NULL)
    {
      set_no_iommu (board, name, error);
      return FALSE;
    }
  return check_group (controller, name, error);
}

/**
 * pf_board_can_lend:
 * @board: a board
 * @error: why its first controller cannot be lent
 *
 * Returns: whether any of its controllers can be lent
 */
gboolean
pf_board_can_lend (const PfBoard *board, GError **error)
{
  for (guint i = 0; i < board->controllers->len; i++)
    if (pf_controller_can_be_lent (board, board->controllers->pdata[i], NULL))
      return TRUE;
  if (board->controllers->len > 0)
    return pf_controller_can_be_lent (board, board->controllers->pdata[0], error);
  g_set_error_literal (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE, "This machine has no USB controller.");
  return FALSE;
}
