/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile.h"

#include <string.h>

#include "pf-error.h"
#include "pf-key-text.h"
#include "pf-pci-address.h"
#include "pf-pci-ids.h"
#include "pf-text.h"

/* The format of /etc/portferry/profiles.d/ID.profile, a keyfile that people may write by hand:
 *
 *   [Profile]
 *   Format=1                      may be left out
 *   Label=Windows                 the id when left out
 *   Icon=computer                 may be left out, like all that follows
 *   Side=auto                     auto, ehci, xhci: where its ports go
 *   VfioUser=alice                who gets /dev/vfio/GROUP; the caller when left out
 *   VfioGroup=kvm
 *   Qmp=%t/windows.qmp            QMP socket of the virtual machine that the controllers are for; "%t" is the
 *                                 XDG_RUNTIME_DIR of whoever attaches
 *   LibvirtDomain=win10           or its name with libvirt
 *   LibvirtUri=qemu:///system     and where that is; of this machine only
 *   Confirm=first                 first, always, never: whether a switch that moves a keyboard or pointer goes back
 *                                 by itself unless it is confirmed
 *   ConfirmSeconds=15             5 to 120: after how long
 *   OnVmExit=auto                 auto, home, keep, previous: when the virtual machine goes away
 *   SuperSpeedOff=false           true: switch off the SuperSpeed half of ports that go to an EHCI
 *   GuestMaySwitch=false          true: a virtual machine may ask for it through its serial port; a profile with
 *                                 controllers then needs VfioUser
 *   LockOnSwitch=false            true: the applet locks the screen when a switch to it takes a keyboard or pointer away
 *
 *   [Controller 0000:00:1a.0]     one for each controller that belongs to the guest
 *   Id=8086:8cad                  refuse to work on another one; "any" or left out: whatever is there
 *   Path=pci0000:00/1a.0          where it sits, whatever its address is after a new card
 *   Removable=true                it can be unplugged: while it is away, the profile says so; may be left out
 *
 *   [Ports 0000:00:14.0]          the router
 *   Id=8086:8cb1
 *   Path=pci0000:00/14.0
 *   Guest=ehci2/1;ehci2/3         names as in pf_port_set_add_name()
 *
 * Unknown groups and keys are refused, and those that are there twice: they are typing errors, and a profile decides what
 * is lent.
 */

#define FORMAT 1
#define CONTROLLER_PREFIX "Controller "
#define PORTS_PREFIX "Ports "
#define ANY_ID "any"

static const char *const profile_keys[] = { "Format", "Label", "Icon", "Side", "VfioUser", "VfioGroup", "Qmp", "LibvirtDomain", "LibvirtUri",
                                            "Confirm", "ConfirmSeconds", "OnVmExit", "SuperSpeedOff", "LockOnSwitch",
                                            "GuestMaySwitch", NULL };
static const char *const controller_keys[] = { "Id", "Path", "Removable", NULL };
static const char *const ports_keys[] = { "Id", "Path", "Guest", NULL };

/* The message quotes the file. GLib lets control characters pass in keys and lines, so they are replaced
 * here. */
G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, const char *id, const char *format, ...)
{
  g_autofree char *detail = NULL;
  g_autofree char *clean = NULL;
  va_list arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  clean = pf_text_clean (detail, strlen (detail));
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_PROFILE, "The file %s.profile cannot be used: %s", id,
               clean);
  return FALSE;
}

static gboolean
check_keys (GKeyFile *file, const char *group, const char *const *known, const char *id, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]))
      return refuse (error, id, "[%s] has an unknown key “%s”.", group, keys[i]);
  return TRUE;
}

static gboolean
path_is_valid (const char *path)
{
  static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:._-/";

  return *path != '\0' && strlen (path) <= 256 && strspn (path, allowed) == strlen (path);
}

/* A key that may be left out, but not be unreadable. g_key_file_get_string() can give a text and an error at once. */
static gboolean
read_text (GKeyFile *file, const char *group, const char *key, char **text, const char *id, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *text = g_key_file_get_string (file, group, key, &wrong);
  return wrong == NULL || refuse (error, id, "[%s] %s: %s", group, key, wrong->message);
}

static PfDeviceKey *
read_device_key (GKeyFile *file, const char *group, const char *address_text, const char *id, GError **error)
{
  g_autofree char *address = pf_pci_address_normalize (address_text, NULL);
  g_autofree char *ids = NULL;
  g_autoptr (PfDeviceKey) key = NULL;

  if (address == NULL)
    {
      refuse (error, id, "[%s] does not name a PCI address.", group);
      return NULL;
    }
  key = pf_device_key_new (address);
  if (!read_text (file, group, "Id", &ids, id, error) || !read_text (file, group, "Path", &key->path, id, error))
    return NULL;
  if (key->path != NULL && !path_is_valid (key->path))
    {
      refuse (error, id, "[%s] Path is not one.", group);
      return NULL;
    }
  if (ids != NULL && !g_str_equal (ids, ANY_ID) && (!pf_pci_ids_parse (ids, &key->vendor, &key->device) || key->vendor == 0))
    {
      refuse (error, id, "[%s] Id must be like 8086:8cad.", group);
      return NULL;
    }
  return g_steal_pointer (&key);
}

static gboolean
read_removable (PfDeviceKey *key, GKeyFile *file, const char *group, const char *id, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, "Removable", NULL))
    return TRUE;
  key->removable = g_key_file_get_boolean (file, group, "Removable", &wrong);
  return wrong == NULL || refuse (error, id, "[%s] Removable is “true” or “false”.", group);
}

static gboolean
has_controller (const PfProfile *profile, const char *address)
{
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfDeviceKey *key = profile->controllers->pdata[i];

      if (g_str_equal (key->address, address))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_controller (PfProfile *profile, GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (PfDeviceKey) key = NULL;

  if (!check_keys (file, group, controller_keys, profile->id, error))
    return FALSE;
  if (profile->controllers->len == PF_PROFILE_MAX_CONTROLLERS)
    return refuse (error, profile->id, "it names more than %d controllers.", PF_PROFILE_MAX_CONTROLLERS);
  key = read_device_key (file, group, group + strlen (CONTROLLER_PREFIX), profile->id, error);
  if (key == NULL || !read_removable (key, file, group, profile->id, error))
    return FALSE;
  if (has_controller (profile, key->address))
    return refuse (error, profile->id, "it names the controller %s twice.", key->address);
  g_ptr_array_add (profile->controllers, g_steal_pointer (&key));
  return TRUE;
}

static gboolean
read_ports (PfProfile *profile, GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (GError) unreadable = NULL;
  g_auto (GStrv) names = g_key_file_get_string_list (file, group, "Guest", NULL, &unreadable);

  if (!check_keys (file, group, ports_keys, profile->id, error))
    return FALSE;
  if (profile->router != NULL)
    return refuse (error, profile->id, "it has ports of more than one router.");
  if (unreadable != NULL)
    return refuse (error, profile->id, "[%s] Guest: %s", group, unreadable->message);
  profile->router = read_device_key (file, group, group + strlen (PORTS_PREFIX), profile->id, error);
  if (profile->router == NULL)
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) wrong = NULL;

      if (!pf_port_set_add_name (&profile->ports, names[i], &wrong))
        return refuse (error, profile->id, "%s", wrong->message);
    }
  if (pf_port_set_is_empty (&profile->ports))
    return refuse (error, profile->id, "[%s] Guest names no port.", group);
  return TRUE;
}

typedef gboolean (*Setter) (PfProfile *profile, const char *text, GError **error);

static gboolean
read_setting (PfProfile *profile, GKeyFile *file, const char *key, Setter set, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, "Profile", key, NULL))
    return TRUE;
  text = g_key_file_get_string (file, "Profile", key, &wrong);
  if (wrong != NULL || !set (profile, text, &wrong))
    return refuse (error, profile->id, "%s: %s", key, wrong->message);
  return TRUE;
}

static gboolean
set_confirm_seconds (PfProfile *profile, const char *text, GError **error)
{
  guint64 seconds = 0;

  /* What is no number is out of range as well. */
  g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, NULL);
  return pf_profile_set_confirm_seconds (profile, seconds, error);
}

static gboolean
parse_truth (const char *text, gboolean *truth, GError **error)
{
  if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "It is “true” or “false”.");
      return FALSE;
    }
  *truth = g_str_equal (text, "true");
  return TRUE;
}

static gboolean
set_super_speed_off (PfProfile *profile, const char *text, GError **error)
{
  return parse_truth (text, &profile->super_speed_off, error);
}

static gboolean
set_lock_on_switch (PfProfile *profile, const char *text, GError **error)
{
  return parse_truth (text, &profile->lock_on_switch, error);
}

static gboolean
set_guest_may_switch (PfProfile *profile, const char *text, GError **error)
{
  return parse_truth (text, &profile->guest_may_switch, error);
}

static gboolean
read_settings (PfProfile *profile, GKeyFile *file, GError **error)
{
  if (!g_key_file_has_group (file, "Profile"))
    return refuse (error, profile->id, "it has no group [Profile].");
  if (!check_keys (file, "Profile", profile_keys, profile->id, error))
    return FALSE;
  if (g_key_file_has_key (file, "Profile", "Format", NULL)
      && g_key_file_get_integer (file, "Profile", "Format", NULL) != FORMAT)
    return refuse (error, profile->id, "its Format is not %d; a newer Portferry wrote it.", FORMAT);
  return read_setting (profile, file, "Label", pf_profile_set_label, error)
         && read_setting (profile, file, "Icon", pf_profile_set_icon, error)
         && read_setting (profile, file, "Side", pf_profile_set_side, error)
         && read_setting (profile, file, "VfioUser", pf_profile_set_vfio_user, error)
         && read_setting (profile, file, "VfioGroup", pf_profile_set_vfio_group, error)
         && read_setting (profile, file, "Qmp", pf_profile_set_qmp, error)
         && read_setting (profile, file, "LibvirtDomain", pf_profile_set_libvirt_domain, error)
         && read_setting (profile, file, "LibvirtUri", pf_profile_set_libvirt_uri, error)
         && read_setting (profile, file, "Confirm", pf_profile_set_confirm, error)
         && read_setting (profile, file, "ConfirmSeconds", set_confirm_seconds, error)
         && read_setting (profile, file, "OnVmExit", pf_profile_set_on_vm_exit, error)
         && read_setting (profile, file, "SuperSpeedOff", set_super_speed_off, error)
         && read_setting (profile, file, "LockOnSwitch", set_lock_on_switch, error)
         && read_setting (profile, file, "GuestMaySwitch", set_guest_may_switch, error);
}

static gboolean
read_groups (PfProfile *profile, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean fine;

      if (g_str_has_prefix (groups[i], CONTROLLER_PREFIX))
        fine = read_controller (profile, file, groups[i], error);
      else if (g_str_has_prefix (groups[i], PORTS_PREFIX))
        fine = read_ports (profile, file, groups[i], error);
      else if (g_str_equal (groups[i], "Profile"))
        fine = read_settings (profile, file, error);
      else
        fine = refuse (error, profile->id, "it has an unknown group [%s].", groups[i]);
      if (!fine)
        return FALSE;
    }
  return TRUE;
}

/**
 * pf_profile_parse:
 * @id: a valid id
 * @data: text of the file; any bytes
 * @length: its length in bytes
 * @error: PF_ERROR_INVALID_PROFILE saying what and where
 *
 * Returns: (transfer full): the profile, or NULL
 */
PfProfile *
pf_profile_parse (const char *id, const char *data, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (PfProfile) profile = pf_profile_new (id);
  g_autoptr (GError) wrong = NULL;

  if (length > PF_PROFILE_MAX_SIZE)
    {
      refuse (error, id, "it is larger than %d bytes.", PF_PROFILE_MAX_SIZE);
      return NULL;
    }
  if (memchr (data, '\0', length) != NULL || !g_utf8_validate_len (data, length, NULL))
    {
      refuse (error, id, "it is not text in UTF-8.");
      return NULL;
    }
  /* Translations are kept so that they are seen as the unknown keys that they are, in any locale. */
  if (!pf_key_text_load (file, data, length, G_KEY_FILE_KEEP_TRANSLATIONS, &wrong)
      || !pf_key_text_check_unique (data, length, &wrong))
    {
      refuse (error, id, "%s", wrong->message);
      return NULL;
    }
  if (!g_key_file_has_group (file, "Profile"))
    {
      refuse (error, id, "it has no group [Profile].");
      return NULL;
    }
  if (!read_groups (profile, file, error))
    return NULL;
  if (!pf_profile_check_guest (profile, &wrong) || !pf_profile_check_vm (profile, &wrong))
    {
      refuse (error, id, "%s", wrong->message);
      return NULL;
    }
  return g_steal_pointer (&profile);
}

static void
write_device_key (GKeyFile *file, const char *group, const PfDeviceKey *key)
{
  g_autofree char *ids = g_strdup (ANY_ID);

  if (key->vendor != 0)
    {
      g_free (ids);
      ids = pf_pci_ids_to_string (key->vendor, key->device);
    }
  g_key_file_set_string (file, group, "Id", ids);
  if (key->path != NULL)
    g_key_file_set_string (file, group, "Path", key->path);
  if (key->removable)
    g_key_file_set_boolean (file, group, "Removable", TRUE);
}

static void
write_setting (GKeyFile *file, const char *key, const char *text)
{
  if (text != NULL)
    g_key_file_set_string (file, "Profile", key, text);
}

static void
write_conduct (GKeyFile *file, const PfProfile *profile)
{
  if (profile->confirm != PF_CONFIRM_FIRST)
    write_setting (file, "Confirm", pf_confirm_to_string (profile->confirm));
  if (profile->confirm_seconds != PF_CONFIRM_DEFAULT_SECONDS)
    g_key_file_set_integer (file, "Profile", "ConfirmSeconds", (int) profile->confirm_seconds);
  if (profile->on_vm_exit != PF_ON_VM_EXIT_AUTO)
    write_setting (file, "OnVmExit", pf_on_vm_exit_to_string (profile->on_vm_exit));
  if (profile->super_speed_off)
    g_key_file_set_boolean (file, "Profile", "SuperSpeedOff", TRUE);
  if (profile->guest_may_switch)
    g_key_file_set_boolean (file, "Profile", "GuestMaySwitch", TRUE);
  if (profile->lock_on_switch)
    g_key_file_set_boolean (file, "Profile", "LockOnSwitch", TRUE);
}

/**
 * pf_profile_serialize:
 * @profile: a profile
 * @length: (out) (nullable): length in bytes
 *
 * Returns: (transfer full): a text that pf_profile_parse() makes the same profile of
 */
char *
pf_profile_serialize (const PfProfile *profile, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, "Profile", "Format", FORMAT);
  write_setting (file, "Label", profile->label);
  write_setting (file, "Icon", profile->icon);
  write_setting (file, "Side", profile->side != PF_SIDE_AUTO ? pf_side_to_string (profile->side) : NULL);
  write_setting (file, "VfioUser", profile->vfio_user);
  write_setting (file, "VfioGroup", profile->vfio_group);
  write_setting (file, "Qmp", profile->qmp);
  write_setting (file, "LibvirtDomain", profile->libvirt_domain);
  write_setting (file, "LibvirtUri", profile->libvirt_uri);
  write_conduct (file, profile);
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfDeviceKey *key = profile->controllers->pdata[i];
      g_autofree char *group = g_strconcat (CONTROLLER_PREFIX, key->address, NULL);

      write_device_key (file, group, key);
    }
  if (profile->router != NULL && !pf_port_set_is_empty (&profile->ports))
    {
      g_autofree char *group = g_strconcat (PORTS_PREFIX, profile->router->address, NULL);
      g_auto (GStrv) names = pf_port_set_to_names (&profile->ports);

      write_device_key (file, group, profile->router);
      g_key_file_set_string_list (file, group, "Guest", (const char *const *) names, g_strv_length (names));
    }
  return g_key_file_to_data (file, length, NULL);
}
