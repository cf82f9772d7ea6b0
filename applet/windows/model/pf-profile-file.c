/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-file.h"

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-pci-ids.h"

/* A draft as a file, in the format of /etc/portferry/profiles.d, and back. */

static PfDBusController *
find_controller (GPtrArray *controllers, const char *address)
{
  for (guint i = 0; i < controllers->len; i++)
    if (g_strcmp0 (pf_dbus_controller_get_address (controllers->pdata[i]), address) == 0)
      return controllers->pdata[i];
  return NULL;
}

static PfDeviceKey *
make_key (GPtrArray *controllers, const char *address)
{
  PfDBusController *controller = find_controller (controllers, address);
  PfDeviceKey *key = pf_device_key_new (address);

  if (controller == NULL)
    return key;
  key->vendor = (guint16) g_ascii_strtoull (pf_dbus_controller_get_vendor (controller), NULL, 16);
  key->device = (guint16) g_ascii_strtoull (pf_dbus_controller_get_device (controller), NULL, 16);
  return key;
}

static char *
find_router (GPtrArray *sockets)
{
  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (pf_socket_is_routed (socket))
        return g_strdup (socket->controller);
    }
  return NULL;
}

static char *
copy_word (const char *word)
{
  return word[0] != '\0' ? g_strdup (word) : NULL;
}

/**
 * pf_profile_file_export:
 * @draft: a draft
 * @sockets: (element-type PfSocket): the sockets of this machine
 * @controllers: (element-type PfDBusController): its controllers
 *
 * Returns: (transfer full): the text of a profile file
 */
char *
pf_profile_file_export (const PfProfileDraft *draft, GPtrArray *sockets, GPtrArray *controllers)
{
  g_autoptr (PfProfile) profile = pf_profile_new (draft->id != NULL ? draft->id : "profile");
  g_auto (GStrv) addresses = pf_profile_draft_list_controllers (draft, sockets);
  g_autofree char *router = find_router (sockets);

  if (draft->label[0] != '\0')
    {
      g_free (profile->label);
      profile->label = g_strdup (draft->label);
    }
  profile->icon = copy_word (draft->icon);
  profile->vfio_user = copy_word (draft->vfio_user);
  profile->vfio_group = copy_word (draft->vfio_group);
  profile->qmp = copy_word (draft->qmp);
  profile->libvirt_domain = copy_word (draft->libvirt_domain);
  profile->libvirt_uri = copy_word (draft->libvirt_uri);
  profile->side = draft->side;
  profile->confirm = draft->confirm;
  profile->confirm_seconds = draft->confirm_seconds;
  profile->on_vm_exit = draft->on_vm_exit;
  profile->super_speed_off = draft->super_speed_off;
  profile->guest_may_switch = draft->guest_may_switch;
  profile->lock_on_switch = draft->lock_on_switch;
  for (guint i = 0; addresses[i] != NULL; i++)
    g_ptr_array_add (profile->controllers, make_key (controllers, addresses[i]));
  profile->ports = draft->ports;
  if (router != NULL)
    profile->router = make_key (controllers, router);
  return pf_profile_serialize (profile, NULL);
}

/* What a file names has to be what is here; a helper would refuse it later, and say less. */
static gboolean
check_key (GPtrArray *controllers, const PfDeviceKey *key, GError **error)
{
  PfDBusController *controller = find_controller (controllers, key->address);
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;

  if (controller == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_BOARD_MISMATCH,
                   _ ("The file is for another machine: there is no USB controller at %s."), key->address);
      return FALSE;
    }
  if (key->vendor == 0)
    return TRUE;
  wanted = pf_pci_ids_to_string (key->vendor, key->device);
  found = g_strconcat (pf_dbus_controller_get_vendor (controller), ":",
                       pf_dbus_controller_get_device (controller), NULL);
  if (g_str_equal (wanted, found))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_BOARD_MISMATCH,
               /* Translators: an address, and two IDs like 8086:8cad */
               _ ("The file is for another machine: at %s it expects %s, and here is %s."), key->address,
               wanted, found);
  return FALSE;
}

static gboolean
check_keys (const PfProfile *profile, GPtrArray *controllers, GError **error)
{
  for (guint i = 0; i < profile->controllers->len; i++)
    if (!check_key (controllers, profile->controllers->pdata[i], error))
      return FALSE;
  return profile->router == NULL || check_key (controllers, profile->router, error);
}

static void
take_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

/**
 * pf_profile_file_import:
 * @draft: a draft
 * @data: text of a profile file; any bytes
 * @length: its length in bytes
 * @controllers: (element-type PfDBusController): the controllers of this machine
 * @error: PF_ERROR_INVALID_PROFILE, PF_ERROR_BOARD_MISMATCH
 *
 * Makes @draft what the file says, but for its id.
 *
 * Returns: whether it could be used; on failure @draft is as before
 */
gboolean
pf_profile_file_import (
    PfProfileDraft *draft, const char *data, gsize length, GPtrArray *controllers, GError **error)
{
  g_autoptr (PfProfile) profile = pf_profile_parse ("import", data, length, error);

  if (profile == NULL || !check_keys (profile, controllers, error))
    return FALSE;
  take_text (&draft->label, profile->label);
  take_text (&draft->icon, profile->icon);
  take_text (&draft->vfio_user, profile->vfio_user);
  take_text (&draft->vfio_group, profile->vfio_group);
  take_text (&draft->qmp, profile->qmp);
  take_text (&draft->libvirt_domain, profile->libvirt_domain);
  take_text (&draft->libvirt_uri, profile->libvirt_uri);
  g_hash_table_remove_all (draft->controllers);
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfDeviceKey *key = profile->controllers->pdata[i];

      g_hash_table_add (draft->controllers, g_strdup (key->address));
    }
  draft->ports = profile->ports;
  draft->side = profile->side;
  draft->confirm = profile->confirm;
  draft->confirm_seconds = profile->confirm_seconds;
  draft->on_vm_exit = profile->on_vm_exit;
  draft->super_speed_off = profile->super_speed_off;
  draft->guest_may_switch = profile->guest_may_switch;
  draft->lock_on_switch = profile->lock_on_switch;
  return TRUE;
}
