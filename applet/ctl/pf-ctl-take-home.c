/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-pci-address.h"

static void
print_done (PfCtl *ctl, PfDBusController *controller)
{
  const char *address = pf_dbus_controller_get_address (controller);
  const char *driver = pf_ctl_text_or_empty (pf_dbus_controller_get_driver (controller));
  g_autofree char *name = pf_ctl_words_describe_controller (controller);
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s %s is at home (%s)."), address, name,
                         *driver != '\0' ? driver : "-");
      return;
    }
  json = json_builder_new ();
  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "address", address);
  pf_ctl_json_add_string (json, "driver", *driver != '\0' ? driver : NULL);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run_take_home (PfCtl *ctl, char **arguments, GError **error)
{
  PfClientOptions options = { .origin = "ctl", .no_interaction = ctl->no_interaction };
  g_autofree char *address = pf_pci_address_normalize (arguments[0], error);
  PfDBusController *controller;
  g_autoptr (GAsyncResult) result = NULL;

  if (address == NULL || !pf_ctl_wake (ctl, error))
    return FALSE;
  pf_client_take_home_async (ctl->client, address, &options, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_take_home_finish (ctl->client, result, error))
    return FALSE;
  controller = pf_client_find_controller (ctl->client, address);
  if (controller != NULL)
    print_done (ctl, controller);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_take_home = {
  .name = "take-home",
  .arguments = "ADDRESS",
  .summary = N_ ("Take home a controller that others have lent"),
  .details = N_ ("Others are kernel parameters, modprobe, driverctl, libvirt or a script: “controllers” says who, and "
                 "what would\n"
                 "lend it again. Its whole IOMMU group comes home. Refused while a process has it open."),
  .min_arguments = 1,
  .max_arguments = 1,
  .may_ask = TRUE,
  .run = run_take_home,
};
