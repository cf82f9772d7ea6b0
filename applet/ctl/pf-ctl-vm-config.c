/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"
#include "pf-vm-config.h"

static struct
{
  gboolean qemu;
  gboolean libvirt;
  gboolean hot_plug;
} given;

static const GOptionEntry entries[] = {
  { "qemu", 0, 0, G_OPTION_ARG_NONE, &given.qemu, N_ ("Arguments for QEMU"), NULL },
  { "libvirt", 0, 0, G_OPTION_ARG_NONE, &given.libvirt, N_ ("XML for a libvirt domain"), NULL },
  { "hot-plug", 0, 0, G_OPTION_ARG_NONE, &given.hot_plug,
    N_ ("Only ports, into which “attach” plugs the controllers later"), NULL },
  { NULL },
};

/* Returns: (transfer none) (nullable) */
static const char *const *
find_controllers (PfCtl *ctl, const char *id, GError **error)
{
  static const char *const none[] = { NULL };
  PfDBusProfile *profile = pf_client_find_profile (ctl->client, id);
  const char *const *controllers;

  if (profile == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, _ ("There is no profile “%s”."), id);
      return NULL;
    }
  controllers = pf_dbus_profile_get_controllers (profile);
  return controllers != NULL ? controllers : none;
}

/* An option and its value on each line, so that people can read it and $(...) in a script can take it as it
 * is. */
static void
print_qemu (PfCtl *ctl, const char *const *controllers)
{
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (controllers, given.hot_plug);
  g_autoptr (JsonBuilder) json = NULL;

  if (ctl->json)
    {
      json = json_builder_new ();
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "arguments");
      pf_ctl_json_add_strv (json, (const char *const *) arguments);
      json_builder_end_object (json);
      pf_ctl_json_print (json, TRUE);
      return;
    }
  for (guint i = 0; arguments[i] != NULL; i += 2)
    g_print ("%s %s\n", arguments[i], arguments[i + 1]);
}

static void
print_libvirt (PfCtl *ctl, const char *const *controllers)
{
  g_autofree char *xml = pf_vm_config_get_libvirt (controllers, given.hot_plug);
  g_autoptr (JsonBuilder) json = NULL;

  if (ctl->json)
    {
      json = json_builder_new ();
      json_builder_begin_object (json);
      pf_ctl_json_add_string (json, "xml", xml);
      json_builder_end_object (json);
      pf_ctl_json_print (json, TRUE);
      return;
    }
  g_print ("%s", xml);
}

static gboolean
run_vm_config (PfCtl *ctl, char **arguments, GError **error)
{
  const char *const *controllers;

  if (given.qemu == given.libvirt)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, _ ("Say --qemu or --libvirt."));
      return FALSE;
    }
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  controllers = find_controllers (ctl, arguments[0], error);
  if (controllers == NULL)
    return FALSE;
  if (given.qemu)
    print_qemu (ctl, controllers);
  else
    print_libvirt (ctl, controllers);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_vm_config = {
  .name = "vm-config",
  .arguments = "PROFILE",
  .summary = N_ ("Print what a virtual machine needs to be told of a profile"),
  .details = N_ ("Its controllers, and the serial port through which it can ask for them. For QEMU: "
                 "arguments, also for\n"
                 "  qemu-system-x86_64 … $(portferryctl vm-config PROFILE --qemu)\n"
                 "For libvirt: elements for <devices>, as virsh edit and virt-manager show it."),
  .entries = entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .run = run_vm_config,
};
