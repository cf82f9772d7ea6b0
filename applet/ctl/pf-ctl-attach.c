/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-vm.h"

/* A guest that wants to lets go of a controller in less than a second. */
#define TIMEOUT_SECONDS 30

static struct
{
  char *qmp;
  char *libvirt;
  char *uri;
} given;

static const GOptionEntry entries[] = {
  { "qmp", 0, 0, G_OPTION_ARG_FILENAME, &given.qmp, N_ ("The QMP socket of the running virtual machine"),
    N_ ("SOCKET") },
  { "libvirt", 0, 0, G_OPTION_ARG_STRING, &given.libvirt, N_ ("The virtual machine’s name in libvirt"),
    N_ ("DOMAIN") },
  { "uri", 0, 0, G_OPTION_ARG_STRING, &given.uri, N_ ("With --libvirt: another than qemu:///system"),
    N_ ("URI") },
  { NULL },
};

/* Returns: (transfer full) (nullable): the machine that was named, or that the profile names */
static PfVm *
find_machine (PfDBusProfile *profile, GError **error)
{
  PfVm *vm;

  if (given.qmp != NULL)
    return pf_vm_new_qmp (given.qmp);
  if (given.libvirt != NULL)
    return pf_vm_new_libvirt (given.uri, given.libvirt);
  vm = pf_vm_new_for_profile (profile);
  if (vm == NULL)
    g_set_error_literal (
        error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
        _ ("The profile names no virtual machine. Say --qmp with the socket that QEMU was given by -qmp "
           "unix:SOCKET,server=on,wait=off, or --libvirt with the machine’s name."));
  return vm;
}

/* Returns: (transfer none) (nullable) */
static PfDBusProfile *
find_profile (PfCtl *ctl, const char *id, GError **error)
{
  PfDBusProfile *profile;

  if ((given.qmp != NULL && given.libvirt != NULL) || (given.uri != NULL && given.libvirt == NULL))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           _ ("Say --qmp or --libvirt, and --uri only with the latter."));
      return NULL;
    }
  if (!pf_ctl_wake (ctl, error))
    return NULL;
  profile = pf_client_find_profile (ctl->client, id);
  if (profile == NULL)
    g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, _ ("There is no profile “%s”."), id);
  return profile;
}

/* What the host has is no use to the machine, and QEMU would say so in words of its own. */
static gboolean
check_lent (PfCtl *ctl, char **controllers, GError **error)
{
  for (char **address = controllers; *address != NULL; address++)
    {
      PfDBusController *controller = pf_client_find_controller (ctl->client, *address);

      if (controller != NULL && g_strcmp0 (pf_dbus_controller_get_owner (controller), "guest") == 0)
        continue;
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("%s is not lent; switch to the profile first."),
                   *address);
      return FALSE;
    }
  return TRUE;
}

static void
print_done (PfCtl *ctl, char **controllers, gboolean attached)
{
  g_autofree char *names = g_strjoinv (", ", controllers);
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                         attached ? _ ("In the virtual machine: %s.") : _ ("Out of the virtual machine: %s."),
                         names);
      return;
    }
  json = json_builder_new ();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, attached ? "attached" : "detached");
  pf_ctl_json_add_strv (json, (const char *const *) controllers);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run (PfCtl *ctl, const char *id, gboolean attach, GError **error)
{
  PfDBusProfile *profile = find_profile (ctl, id, error);
  g_autoptr (PfVm) vm = profile != NULL ? find_machine (profile, error) : NULL;
  g_auto (GStrv) controllers = vm != NULL ? pf_dbus_profile_dup_controllers (profile) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (controllers == NULL || (attach && !check_lent (ctl, controllers, error)))
    return FALSE;
  (attach ? pf_vm_attach_async : pf_vm_detach_async) (vm, (const char *const *) controllers, TIMEOUT_SECONDS,
                                                      pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_vm_finish (result, error))
    return FALSE;
  print_done (ctl, controllers, attach);
  return TRUE;
}

static gboolean
run_attach (PfCtl *ctl, char **arguments, GError **error)
{
  return run (ctl, arguments[0], TRUE, error);
}

static gboolean
run_detach (PfCtl *ctl, char **arguments, GError **error)
{
  return run (ctl, arguments[0], FALSE, error);
}

const PfCtlCommand pf_ctl_command_attach = {
  .name = "attach",
  .arguments = "PROFILE",
  .summary = N_ ("Plug a profile's controllers into a running virtual machine"),
  .details
  = N_ ("After the switch that lends them. The machine needs ports for them: vm-config … --hot-plug."),
  .entries = entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .run = run_attach,
};

const PfCtlCommand pf_ctl_command_detach = {
  .name = "detach",
  .arguments = "PROFILE",
  .summary = N_ ("Unplug a profile's controllers from a running virtual machine"),
  .details
  = N_ ("Before they come home, or after “home”, which has left them to the machine: then they come home by "
        "themselves. The guest has to let go of them."),
  .entries = entries,
  .min_arguments = 1,
  .max_arguments = 1,
  .run = run_detach,
};
