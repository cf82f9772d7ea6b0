/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile.h"

#include <string.h>

#include "pf-error.h"
#include "pf-pci-address.h"
#include "pf-text.h"

#define CLASS_USB_DEVICE 0x0c03fe
#define MAX_NAME 32 /* bytes of a user's or group's name, as in useradd(8) */

static const char *const side_names[] = { "auto", "ehci", "xhci" };

/**
 * pf_device_key_new:
 * @address: a canonical PCI address
 *
 * Returns: (transfer full): a key that knows nothing but the address
 */
PfDeviceKey *
pf_device_key_new (const char *address)
{
  PfDeviceKey *key = g_new0 (PfDeviceKey, 1);

  key->address = g_strdup (address);
  return key;
}

static PfDeviceKey *
device_key_new_for_function (const PfFunction *function)
{
  PfDeviceKey *key = pf_device_key_new (function->address);

  key->path = g_strdup (function->path);
  key->vendor = function->vendor;
  key->device = function->device;
  key->removable = function->is_removable;
  return key;
}

static PfDeviceKey *
device_key_copy (const PfDeviceKey *key)
{
  PfDeviceKey *copy = pf_device_key_new (key->address);

  copy->path = g_strdup (key->path);
  copy->vendor = key->vendor;
  copy->device = key->device;
  copy->removable = key->removable;
  return copy;
}

/**
 * pf_device_key_free:
 * @key: (transfer full): a key
 */
void
pf_device_key_free (PfDeviceKey *key)
{
  g_free (key->address);
  g_free (key->path);
  g_free (key);
}

static gboolean
has_ids (const PfDeviceKey *key, const PfController *controller)
{
  return key->vendor == 0
         || (key->vendor == controller->function->vendor && key->device == controller->function->device);
}

static void
set_unplugged (GError **error, const PfDeviceKey *key, const PfProfile *profile, const PfController *found)
{
  g_autofree char *here = found != NULL ? pf_function_describe (found->function) : NULL;
  g_autofree char *other = here != NULL ? g_strdup_printf (" %s is there instead.", here) : NULL;

  g_set_error (error, PF_ERROR, PF_ERROR_NOT_PLUGGED_IN,
               "The controller %04x:%04x that the profile “%s” expects at %s is not plugged in.%s Plug it in where it "
               "was when the profile was made.",
               key->vendor, key->device, profile->label, key->address, other != NULL ? other : "");
}

static void
set_mismatch (GError **error, const PfDeviceKey *key, const PfProfile *profile, const PfController *found)
{
  g_autofree char *here = NULL;
  g_autofree char *ids = NULL;

  if (found != NULL)
    here = pf_function_describe (found->function);
  if (key->vendor != 0)
    ids = g_strdup_printf ("the controller %04x:%04x", key->vendor, key->device);
  g_set_error (error, PF_ERROR, PF_ERROR_BOARD_MISMATCH,
               "The profile “%s” was made for another machine: it expects %s at %s, but there is %s. Make a new "
               "profile, or edit this one.",
               profile->label, ids != NULL ? ids : "a controller", key->address, here != NULL ? here : "none");
}

/**
 * pf_device_key_resolve:
 * @key: how a profile names a controller
 * @profile: the profile, for the message
 * @board: where to look
 * @error: PF_ERROR_BOARD_MISMATCH when the controller is missing or another one, PF_ERROR_NOT_PLUGGED_IN when it is one
 *   that can be unplugged; for a key without IDs
 *   PF_ERROR_NO_SUCH_DEVICE or PF_ERROR_NOT_USB_CONTROLLER
 *
 * By its path first: that is where it sits. The address is only used where the path is unknown.
 *
 * Returns: (transfer none): the controller that is meant, or NULL
 */
PfController *
pf_device_key_resolve (const PfDeviceKey *key, const PfProfile *profile, const PfBoard *board, GError **error)
{
  PfController *controller = NULL;

  if (key->path != NULL)
    controller = pf_board_find_controller_by_path (board, key->path);
  else if (key->vendor == 0)
    return pf_board_require_controller (board, key->address, error);
  else
    controller = pf_board_find_controller (board, key->address);
  if (controller != NULL && has_ids (key, controller))
    return controller;
  if (key->removable && key->vendor != 0)
    set_unplugged (error, key, profile, controller);
  else
    set_mismatch (error, key, profile, controller);
  return NULL;
}

/**
 * pf_profile_new:
 * @id: a valid id
 *
 * Returns: (transfer full): a profile that lends nothing, with its id as its label
 */
PfProfile *
pf_profile_new (const char *id)
{
  PfProfile *profile = g_new0 (PfProfile, 1);

  profile->id = g_strdup (id);
  profile->label = g_strdup (id);
  profile->confirm_seconds = PF_CONFIRM_DEFAULT_SECONDS;
  profile->controllers = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_device_key_free);
  return profile;
}

/**
 * pf_profile_new_home:
 *
 * Returns: (transfer full): the built-in profile in which everything belongs to the host
 */
PfProfile *
pf_profile_new_home (void)
{
  PfProfile *profile = pf_profile_new (PF_PROFILE_HOME);

  g_free (profile->label);
  profile->label = g_strdup ("Home");
  return profile;
}

/**
 * pf_profile_copy:
 * @profile: a profile
 *
 * Returns: (transfer full): a deep copy
 */
PfProfile *
pf_profile_copy (const PfProfile *profile)
{
  PfProfile *copy = pf_profile_new (profile->id);

  g_free (copy->label);
  copy->label = g_strdup (profile->label);
  copy->icon = g_strdup (profile->icon);
  for (guint i = 0; i < profile->controllers->len; i++)
    g_ptr_array_add (copy->controllers, device_key_copy (profile->controllers->pdata[i]));
  if (profile->router != NULL)
    copy->router = device_key_copy (profile->router);
  copy->ports = profile->ports;
  copy->side = profile->side;
  copy->vfio_user = g_strdup (profile->vfio_user);
  copy->vfio_group = g_strdup (profile->vfio_group);
  copy->qmp = g_strdup (profile->qmp);
  copy->libvirt_domain = g_strdup (profile->libvirt_domain);
  copy->libvirt_uri = g_strdup (profile->libvirt_uri);
  copy->confirm = profile->confirm;
  copy->confirm_seconds = profile->confirm_seconds;
  copy->on_vm_exit = profile->on_vm_exit;
  copy->super_speed_off = profile->super_speed_off;
  copy->guest_may_switch = profile->guest_may_switch;
  copy->lock_on_switch = profile->lock_on_switch;
  return copy;
}

/**
 * pf_profile_free:
 * @profile: (transfer full): a profile
 */
void
pf_profile_free (PfProfile *profile)
{
  g_free (profile->id);
  g_free (profile->label);
  g_free (profile->icon);
  g_ptr_array_unref (profile->controllers);
  g_clear_pointer (&profile->router, pf_device_key_free);
  g_free (profile->vfio_user);
  g_free (profile->vfio_group);
  g_free (profile->qmp);
  g_free (profile->libvirt_domain);
  g_free (profile->libvirt_uri);
  g_free (profile);
}

/**
 * pf_profile_is_home:
 * @profile: a profile
 *
 * Returns: whether it is the built-in one
 */
gboolean
pf_profile_is_home (const PfProfile *profile)
{
  return g_str_equal (profile->id, PF_PROFILE_HOME);
}

/**
 * pf_profile_id_is_valid:
 * @id: any text
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * An id is a file's name, part of an object path and typed in a terminal: lower-case letters, digits, "-" and "_",
 * beginning with a letter or digit.
 *
 * Returns: whether @id may be used ("home" is valid, and taken)
 */
gboolean
pf_profile_id_is_valid (const char *id, GError **error)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  gsize length = strnlen (id, PF_PROFILE_MAX_ID + 1);

  if (length > 0 && length <= PF_PROFILE_MAX_ID && strspn (id, allowed) == length && g_ascii_isalnum (*id))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
               "A profile's id is 1 to %d lower-case letters, digits, “-” and “_”, and begins with a letter or digit.",
               PF_PROFILE_MAX_ID);
  return FALSE;
}

/**
 * pf_profile_set_label:
 * @profile: a profile
 * @label: 1 to 64 printable characters
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_label (PfProfile *profile, const char *label, GError **error)
{
  if (*label == '\0' || !pf_text_is_printable (label, PF_PROFILE_MAX_LABEL))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "A profile's label is 1 to %d printable characters.",
                   PF_PROFILE_MAX_LABEL);
      return FALSE;
    }
  g_free (profile->label);
  profile->label = g_strdup (label);
  return TRUE;
}

static gboolean
is_name (const char *text, gsize max_bytes)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

  return strnlen (text, max_bytes + 1) <= max_bytes && strspn (text, allowed) == strlen (text);
}

static gboolean
set_name (char **field, const char *name, gsize max_bytes, const char *what, GError **error)
{
  if (!is_name (name, max_bytes))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   "%s is at most %" G_GSIZE_FORMAT " letters, digits, “-”, “_” and “.”.", what, max_bytes);
      return FALSE;
    }
  g_free (*field);
  *field = *name != '\0' ? g_strdup (name) : NULL;
  return TRUE;
}

/**
 * pf_profile_set_icon:
 * @profile: a profile
 * @icon: a themed icon's name; "" for none
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_icon (PfProfile *profile, const char *icon, GError **error)
{
  return set_name (&profile->icon, icon, PF_PROFILE_MAX_LABEL, "An icon's name", error);
}

/**
 * pf_profile_set_vfio_user:
 * @profile: a profile
 * @name: a user's name; "" for the caller of the switch
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set; whether there is such a user is known only when the profile is applied
 */
gboolean
pf_profile_set_vfio_user (PfProfile *profile, const char *name, GError **error)
{
  return set_name (&profile->vfio_user, name, MAX_NAME, "A user's name", error);
}

/**
 * pf_profile_set_vfio_group:
 * @profile: a profile
 * @name: a user group's name; "" for none
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_vfio_group (PfProfile *profile, const char *name, GError **error)
{
  return set_name (&profile->vfio_group, name, MAX_NAME, "A group's name", error);
}

/**
 * pf_profile_set_side:
 * @profile: a profile
 * @side: "auto", "ehci" or "xhci"
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_side (PfProfile *profile, const char *side, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (side_names); i++)
    if (g_str_equal (side, side_names[i]))
      {
        profile->side = i;
        return TRUE;
      }
  g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "A side is “auto”, “ehci” or “xhci”.");
  return FALSE;
}

/**
 * pf_side_to_string:
 * @side: where ports go
 *
 * Returns: (transfer none): its name
 */
const char *
pf_side_to_string (PfSide side)
{
  return side_names[side];
}

/* Nothing can be plugged into it: who names it most likely means the host controller beside it. */
static PfController *
refuse_device_controller (const PfFunction *function, GError **error)
{
  g_autofree char *name = pf_function_describe (function);

  g_set_error (error, PF_ERROR, PF_ERROR_NOT_USB_CONTROLLER,
               "%s is a USB device controller, the other end of a cable: nothing can be plugged into it. It goes along "
               "when another member of IOMMU group %d is lent; name that one instead.",
               name, function->iommu_group);
  return NULL;
}

/* A controller, or the one that goes along with the member of an IOMMU group that somebody names instead. */
static PfController *
require_controller_or_member (const PfBoard *board, const char *address, GError **error)
{
  const PfFunction *function = pf_board_find_function (board, address);

  if (function != NULL && function->is_pci && function->class_code == CLASS_USB_DEVICE)
    return refuse_device_controller (function, error);
  if (function != NULL && !pf_function_is_usb_controller (function) && !pf_function_is_bridge (function))
    for (guint i = 0; i < board->controllers->len; i++)
      {
        PfController *controller = board->controllers->pdata[i];

        if (controller->function->iommu_group == function->iommu_group)
          return controller;
      }
  return pf_board_require_controller (board, address, error);
}

/**
 * pf_profile_set_controllers:
 * @profile: a profile
 * @board: the machine that the profile is for
 * @addresses: PCI addresses, in short or full
 * @error: PF_ERROR_INVALID_ARGUMENT, PF_ERROR_NO_SUCH_DEVICE, PF_ERROR_NOT_USB_CONTROLLER
 *
 * Names controllers by address, path and IDs as they are on @board now. Another member of a controller's IOMMU group,
 * bridges left out, stands for that controller: they only move together.
 *
 * Returns: whether they were set; on failure the profile is as before
 */
gboolean
pf_profile_set_controllers (PfProfile *profile, const PfBoard *board, const char *const *addresses, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_device_key_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *address = NULL;
      PfController *controller;

      if (i == PF_PROFILE_MAX_CONTROLLERS)
        {
          g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "A profile has at most %d controllers.",
                       PF_PROFILE_MAX_CONTROLLERS);
          return FALSE;
        }
      address = pf_pci_address_normalize (addresses[i], error);
      if (address == NULL)
        return FALSE;
      controller = require_controller_or_member (board, address, error);
      if (controller == NULL)
        return FALSE;
      if (g_hash_table_add (seen, controller))
        g_ptr_array_add (keys, device_key_new_for_function (controller->function));
    }
  g_ptr_array_unref (profile->controllers);
  profile->controllers = g_steal_pointer (&keys);
  return TRUE;
}

static const PfRouter *
require_router (const PfBoard *board, GError **error)
{
  const char *why = "This machine has no USB controller with a USB2 routing register.";
  g_autoptr (GError) lending = NULL;

  if (board->routers->len > 0)
    return board->routers->pdata[0];
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];

      if (controller->routing_problem != NULL)
        why = controller->routing_problem;
    }
  if (pf_board_can_lend (board, &lending))
    g_set_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER,
                 "%s Single ports cannot be moved here; whole controllers can still be lent.", why);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER, "%s Single ports cannot be moved here. %s",
                 why, lending->message);
  return NULL;
}

/**
 * pf_profile_set_ports:
 * @profile: a profile
 * @board: the machine that the profile is for
 * @names: names of ports, see pf_port_set_add_name()
 * @error: PF_ERROR_INVALID_ARGUMENT, PF_ERROR_NO_ROUTING_REGISTER
 *
 * Returns: whether they were set; on failure the profile is as before
 */
gboolean
pf_profile_set_ports (PfProfile *profile, const PfBoard *board, const char *const *names, GError **error)
{
  PfPortSet ports = { 0 };
  PfDeviceKey *key = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (!pf_port_set_add_name (&ports, names[i], error))
      return FALSE;
  if (!pf_port_set_is_empty (&ports))
    {
      const PfRouter *router = require_router (board, error);

      if (router == NULL)
        return FALSE;
      if ((pf_port_set_resolve (&ports, router->existing) & ~router->existing) != 0)
        {
          g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                       "This machine's ports are those in the mask 0x%04x; the profile names others.",
                       router->existing);
          return FALSE;
        }
      key = device_key_new_for_function (router->controller->function);
    }
  g_clear_pointer (&profile->router, pf_device_key_free);
  profile->router = key;
  profile->ports = ports;
  return TRUE;
}
