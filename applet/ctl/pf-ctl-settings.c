/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-settings.h"

#include <glib/gi18n.h>

#include "pf-pci-address.h"
#include "pf-port-map.h"

/* What `add` and `edit` were given on the command line. */
static struct
{
  char *label;
  char *icon;
  char **controllers;
  char **ports;
  char *side;
  char *vfio_user;
  char *vfio_group;
  char *qmp;
  char *libvirt_domain;
  char *libvirt_uri;
  char *confirm;
  char *on_vm_exit;
  char *super_speed;
  char *guest_may_switch;
  char *lock_on_switch;
  int confirm_seconds;
  gboolean no_controllers;
  gboolean no_ports;
} given;

#define COMMON_ENTRIES                                                                                       \
  { "label", 0, 0, G_OPTION_ARG_STRING, &given.label, N_ ("What people call it"), N_ ("LABEL") },            \
      { "icon", 0, 0, G_OPTION_ARG_STRING, &given.icon, N_ ("A themed icon's name"), N_ ("ICON") },          \
      { "controller",                                                                                        \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING_ARRAY,                                                                           \
        &given.controllers,                                                                                  \
        N_ ("A controller that belongs to the guest, for example 00:1a.0 (repeatable)"),                     \
        N_ ("ADDRESS") },                                                                                    \
      { "port",                                                                                              \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING_ARRAY,                                                                           \
        &given.ports,                                                                                        \
        N_ ("Ports that belong to the guest: ehci2/3, ehci1, all, 0x3f00 (repeatable)"),                     \
        N_ ("PORT") },                                                                                       \
      { "side",     0, 0, G_OPTION_ARG_STRING, &given.side, N_ ("Where its ports go: auto, ehci or xhci"),   \
        N_ ("SIDE") },                                                                                       \
      { "vfio-user",                                                                                         \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.vfio_user,                                                                                    \
        N_ ("Who may open the lent group; default: whoever switches"),                                       \
        N_ ("USER") },                                                                                       \
      { "vfio-group",                                                                                        \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.vfio_group,                                                                                   \
        N_ ("A user group that may open it as well"),                                                        \
        N_ ("GROUP") }

/* Which virtual machine its controllers are for. */
#define VM_ENTRIES                                                                                           \
  { "qmp",                                                                                                   \
    0,                                                                                                       \
    0,                                                                                                       \
    G_OPTION_ARG_STRING,                                                                                     \
    &given.qmp,                                                                                              \
    N_ ("QMP socket of its virtual machine; %t at its beginning is the XDG_RUNTIME_DIR of whoever attaches"), \
    N_ ("SOCKET") },                                                                                         \
      { "libvirt-domain",                                                                                    \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.libvirt_domain,                                                                               \
        N_ ("Or the name of its virtual machine with libvirt"),                                              \
        N_ ("DOMAIN") },                                                                                     \
      { "libvirt-uri",                                                                                       \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.libvirt_uri,                                                                                  \
        N_ ("Where libvirt has it; default: qemu:///system"),                                                \
        N_ ("URI") }

/* How a switch to it behaves. */
#define CONDUCT_ENTRIES                                                                                      \
  { "confirm",                                                                                               \
    0,                                                                                                       \
    0,                                                                                                       \
    G_OPTION_ARG_STRING,                                                                                     \
    &given.confirm,                                                                                          \
    N_ ("Whether a switch that moves a keyboard or pointer waits for confirmation: first, always, never"),   \
    N_ ("WHEN") },                                                                                           \
      { "confirm-seconds",                                                                                   \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_INT,                                                                                    \
        &given.confirm_seconds,                                                                              \
        N_ ("For how long: 5 to 120"),                                                                       \
        N_ ("SECONDS") },                                                                                    \
      { "on-vm-exit",                                                                                        \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.on_vm_exit,                                                                                   \
        N_ ("When the virtual machine goes away: auto, home, keep, previous"),                               \
        N_ ("WHAT") },                                                                                       \
      { "super-speed",                                                                                       \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.super_speed,                                                                                  \
        N_ ("SuperSpeed half of ports that go to an EHCI: on, off"),                                         \
        N_ ("STATE") },                                                                                      \
      { "guest-may-switch",                                                                                  \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.guest_may_switch,                                                                             \
        N_ ("Whether a virtual machine may ask for it through its serial port: on, off"),                    \
        N_ ("STATE") },                                                                                      \
      { "lock-on-switch",                                                                                    \
        0,                                                                                                   \
        0,                                                                                                   \
        G_OPTION_ARG_STRING,                                                                                 \
        &given.lock_on_switch,                                                                               \
        N_ ("Lock the screen when a keyboard or pointer has gone: on, off"),                                 \
        N_ ("STATE") }

const GOptionEntry pf_ctl_settings_add_entries[] = { COMMON_ENTRIES, VM_ENTRIES, CONDUCT_ENTRIES, { NULL } };

const GOptionEntry pf_ctl_settings_edit_entries[] = {
  COMMON_ENTRIES,
  VM_ENTRIES,
  CONDUCT_ENTRIES,
  { "no-controllers", 0, 0, G_OPTION_ARG_NONE, &given.no_controllers,
    N_ ("No controller belongs to the guest"), NULL },
  { "no-ports", 0, 0, G_OPTION_ARG_NONE, &given.no_ports, N_ ("No port belongs to the guest"), NULL },
  { NULL },
};

/* "a,b" and "c" become "a", "b", "c". */
static char **
split_lists (char **lists)
{
  g_autofree char *joined = g_strjoinv (",", lists);
  char *nothing[] = { joined, NULL };

  /* g_strsplit() makes no string of "", and that would pass as an empty list. */
  return *joined != '\0' ? g_strsplit (joined, ",", -1) : g_strdupv (nothing);
}

static gboolean
add_controllers (GVariantDict *dict, GError **error)
{
  g_auto (GStrv) addresses = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) normalized = NULL;

  if (given.controllers == NULL)
    return TRUE;
  addresses = split_lists (given.controllers);
  for (char **address = addresses; *address != NULL; address++)
    {
      g_autofree char *canonical = pf_pci_address_normalize (g_strstrip (*address), error);

      if (canonical == NULL)
        return FALSE;
      g_strv_builder_add (builder, canonical);
    }
  normalized = g_strv_builder_end (builder);
  g_variant_dict_insert (dict, "controllers", "^as", normalized);
  return TRUE;
}

static gboolean
add_ports (GVariantDict *dict, GError **error)
{
  PfPortSet set = { 0 };
  g_auto (GStrv) ports = NULL;
  g_auto (GStrv) names = NULL;

  if (given.ports == NULL)
    return TRUE;
  ports = split_lists (given.ports);
  for (char **port = ports; *port != NULL; port++)
    if (!pf_port_set_add_name (&set, g_strstrip (*port), error))
      return FALSE;
  names = pf_port_set_to_names (&set);
  g_variant_dict_insert (dict, "ports", "^as", names);
  return TRUE;
}

static void
add_string (GVariantDict *dict, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_dict_insert (dict, key, "s", value);
}

static void
add_empty_list (GVariantDict *dict, const char *key, gboolean wanted)
{
  if (wanted)
    g_variant_dict_insert_value (dict, key, g_variant_new_strv (NULL, 0));
}

static gboolean
check_contradictions (GError **error)
{
  if ((given.controllers != NULL && given.no_controllers) || (given.ports != NULL && given.no_ports))
    {
      g_set_error_literal (
          error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
          _ ("--no-controllers and --controller, or --no-ports and --port, contradict each other."));
      return FALSE;
    }
  return TRUE;
}

/* @key is true where @state is @truth. */
static gboolean
add_state (GVariantDict *dict,
           const char *key,
           const char *state,
           const char *truth,
           const char *option,
           GError **error)
{
  if (state == NULL)
    return TRUE;
  if (!g_str_equal (state, "on") && !g_str_equal (state, "off"))
    {
      /* Translators: %s is an option, for example "--super-speed" */
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, _ ("%s is “on” or “off”."), option);
      return FALSE;
    }
  g_variant_dict_insert (dict, key, "b", g_str_equal (state, truth));
  return TRUE;
}

static gboolean
add_conduct (GVariantDict *dict, GError **error)
{
  if (given.confirm_seconds < 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, _ ("--confirm-seconds is 5 to 120."));
      return FALSE;
    }
  add_string (dict, "confirm", given.confirm);
  add_string (dict, "on-vm-exit", given.on_vm_exit);
  if (given.confirm_seconds > 0)
    g_variant_dict_insert (dict, "confirm-seconds", "u", (guint32) given.confirm_seconds);
  return add_state (dict, "super-speed-off", given.super_speed, "off", "--super-speed", error)
         && add_state (dict, "lock-on-switch", given.lock_on_switch, "on", "--lock-on-switch", error)
         && add_state (dict, "guest-may-switch", given.guest_may_switch, "on", "--guest-may-switch", error);
}

/**
 * pf_ctl_settings_build:
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer floating) (nullable): what the command line says of a profile, as an a{sv} for
 * Profile.Update; NULL on error
 */
GVariant *
pf_ctl_settings_build (GError **error)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (!check_contradictions (error) || !add_controllers (&dict, error) || !add_ports (&dict, error)
      || !add_conduct (&dict, error))
    return NULL;
  add_empty_list (&dict, "controllers", given.no_controllers);
  add_empty_list (&dict, "ports", given.no_ports);
  add_string (&dict, "label", given.label);
  add_string (&dict, "icon", given.icon);
  add_string (&dict, "side", given.side);
  add_string (&dict, "vfio-user", given.vfio_user);
  add_string (&dict, "vfio-group", given.vfio_group);
  add_string (&dict, "qmp", given.qmp);
  add_string (&dict, "libvirt-domain", given.libvirt_domain);
  add_string (&dict, "libvirt-uri", given.libvirt_uri);
  return g_variant_dict_end (&dict);
}
