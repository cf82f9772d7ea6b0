/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"
#include "pf-pci-address.h"
#include "pf-port-map.h"

/* Returns: (transfer full) (nullable): the name of the one port that @text means. */
static char *
normalize_port (const char *text, GError **error)
{
  PfPortSet set = { 0 };
  g_auto (GStrv) names = NULL;

  if (!pf_port_set_add_name (&set, text, error))
    return NULL;
  names = pf_port_set_to_names (&set);
  if (set.all_of_ehci[0] || set.all_of_ehci[1] || g_strv_length (names) != 1)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is more than one port. A label is for one, for example ehci2/3."), text);
      return NULL;
    }
  return g_strdup (names[0]);
}

static void
report (const PfCtl *ctl, const char *router, const char *port, const char *label)
{
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      pf_ctl_json_add_string (json, "router", router);
      pf_ctl_json_add_string (json, "port", port);
      pf_ctl_json_add_string (json, "label", label);
      json_builder_end_object (json);
      pf_ctl_json_print (json, TRUE);
    }
  else if (*label != '\0')
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s is now called “%s”."), port, label);
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s has no label any more."), port);
}

static gboolean
run_label (PfCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *router = pf_pci_address_normalize (arguments[0], error);
  g_autofree char *port = router != NULL ? normalize_port (arguments[1], error) : NULL;
  PfClientOptions options = { .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  if (port == NULL)
    return FALSE;
  pf_client_label_port_async (ctl->client, router, port, arguments[2], &options, NULL, pf_ctl_store_result,
                              &result);
  pf_ctl_await (&result);
  if (!pf_client_label_port_finish (ctl->client, result, error))
    return FALSE;
  report (ctl, router, port, arguments[2]);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_label = {
  .name = "label",
  .arguments = "ROUTER PORT LABEL",
  .summary = N_ ("Give a port the name that people use for the socket"),
  .details
  = N_ ("For example: portferryctl label 00:14.0 ehci2/3 \"front left\". An empty label forgets it."),
  .min_arguments = 3,
  .max_arguments = 3,
  .may_ask = TRUE,
  .run = run_label,
};
