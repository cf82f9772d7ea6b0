/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions that one function of a board answers. */

#include "pf-board.h"

#define BASE_CLASS_BRIDGE 0x06
#define CLASS_USB 0x0c03
#define CLASS_USB_DEVICE 0x0c03fe
#define HEADER_TYPE_BRIDGE 1

/**
 * pf_class_is_usb_controller:
 * @class_code: 24 bits
 *
 * A USB device controller (programming interface fe) is the other end of a cable: it has no ports, and nothing can be
 * plugged into it (PCI Code and ID Assignment, class 0c03).
 *
 * Returns: whether a function of that class is a USB controller that can be lent as one
 */
gboolean
pf_class_is_usb_controller (guint32 class_code)
{
  return class_code >> 8 == CLASS_USB && class_code != CLASS_USB_DEVICE;
}

/**
 * pf_function_is_usb_controller:
 * @function: a function
 *
 * Returns: whether it is a PCI function with the class of a USB controller
 */
gboolean
pf_function_is_usb_controller (const PfFunction *function)
{
  return function->is_pci && pf_class_is_usb_controller (function->class_code);
}

/**
 * pf_function_is_bridge:
 * @function: a function
 *
 * A bridge stays with the host. vfio-pci refuses header type 1 (drivers/vfio/pci/vfio_pci_core.c); host bridges and
 * their like have header type 0 and are told by their base class.
 *
 * Returns: whether it is a bridge
 */
gboolean
pf_function_is_bridge (const PfFunction *function)
{
  return function->is_pci
         && (function->header_type == HEADER_TYPE_BRIDGE || function->class_code >> 16 == BASE_CLASS_BRIDGE);
}

/**
 * pf_driver_is_vfio:
 * @driver: a driver's name
 *
 * Returns: whether it is vfio-pci or a variant of it
 */
gboolean
pf_driver_is_vfio (const char *driver)
{
  return g_str_has_prefix (driver, "vfio-") || g_str_has_suffix (driver, "-vfio-pci")
         || g_str_has_suffix (driver, "_vfio_pci");
}

/**
 * pf_function_is_lent:
 * @function: a function
 *
 * Returns: whether it is bound to vfio-pci or to a variant of it
 */
gboolean
pf_function_is_lent (const PfFunction *function)
{
  return function->driver != NULL && pf_driver_is_vfio (function->driver);
}

/**
 * pf_function_get_owner:
 * @function: a function
 *
 * Returns: who has it, told from its driver
 */
PfOwner
pf_function_get_owner (const PfFunction *function)
{
  if (function->driver == NULL || g_str_equal (function->driver, "pci-stub"))
    return PF_OWNER_NOBODY;
  return pf_function_is_lent (function) ? PF_OWNER_GUEST : PF_OWNER_HOST;
}

/**
 * pf_function_may_be_lent:
 * @function: a function
 *
 * Before a driver's own unbind begins, the kernel takes the link to it away (__device_release_driver() in
 * drivers/base/dd.c). So a function that is stuck there seems to have no driver, and nobody can say where it will end.
 *
 * Returns: whether it is lent, is aimed at vfio-pci, or cannot be told
 */
gboolean
pf_function_may_be_lent (const PfFunction *function)
{
  return pf_function_is_lent (function) || g_strcmp0 (function->driver_override, "vfio-pci") == 0 || function->is_stuck;
}

/**
 * pf_function_describe:
 * @function: a function
 *
 * Returns: (transfer full): name and address, for messages; once where they are the same, as off PCI
 */
char *
pf_function_describe (const PfFunction *function)
{
  if (function->name == NULL || *function->name == '\0' || g_str_equal (function->name, function->address))
    return g_strdup (function->address);
  return g_strdup_printf ("%s (%s)", function->name, function->address);
}

/**
 * pf_function_describe_stuck:
 * @function: a function that is stuck
 *
 * Returns: (transfer full): what that means, and what to do
 */
char *
pf_function_describe_stuck (const PfFunction *function)
{
  g_autofree char *name = pf_function_describe (function);

  return g_strdup_printf ("The kernel does not answer about %s: somebody unbinds it from its driver, and that waits, "
                          "most often for a VM to let go of it. Detach it from the VM, or stop the VM.",
                          name);
}
