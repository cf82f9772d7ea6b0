/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"
#include "pf-pci-address.h"
#include "pf-port-map.h"

#define FIXED_PORT "usb/"

static struct
{
  char *place;
  char *colour;
} given;

/* Returns: (transfer full) (nullable): the name of the one port that @text means. */
static char *
normalize_port (const char *text, GError **error)
{
  PfPortSet set = { 0 };
  g_auto (GStrv) names = NULL;

  if (g_str_has_prefix (text, FIXED_PORT))
    return g_strdup (text); /* a port that does not move; the helper knows which ones there are */
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

/* Returns: (transfer floating): what is to be noted; @label is NULL where it stays. */
static GVariant *
build_settings (const char *label)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (label != NULL)
    g_variant_dict_insert (&dict, "label", "s", label);
  if (given.place != NULL)
    g_variant_dict_insert (&dict, "place", "s", given.place);
  if (given.colour != NULL)
    g_variant_dict_insert (&dict, "colour", "s", given.colour);
  return g_variant_dict_end (&dict);
}

static void
report_json (const char *controller, const char *port, const char *label)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "controller", controller);
  pf_ctl_json_add_string (json, "port", port);
  if (label != NULL)
    pf_ctl_json_add_string (json, "label", label);
  if (given.place != NULL)
    pf_ctl_json_add_string (json, "place", given.place);
  if (given.colour != NULL)
    pf_ctl_json_add_string (json, "colour", given.colour);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static void
report (const PfCtl *ctl, const char *controller, const char *port, const char *label)
{
  if (ctl->json)
    report_json (controller, port, label);
  else if (label == NULL)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Noted for %s."), port);
  else if (*label != '\0')
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s is now called “%s”."), port, label);
  else
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("%s has no label any more."), port);
}

static gboolean
run_label (PfCtl *ctl, char **arguments, GError **error)
{
  const char *label = arguments[2];
  g_autofree char *controller = pf_pci_address_normalize (arguments[0], error);
  g_autofree char *port = controller != NULL ? normalize_port (arguments[1], error) : NULL;
  PfClientOptions options = { .no_interaction = ctl->no_interaction };
  g_autoptr (GAsyncResult) result = NULL;

  if (port == NULL)
    return FALSE;
  if (label == NULL && given.place == NULL && given.colour == NULL)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           _ ("There is nothing to note: give a label, --place or --colour."));
      return FALSE;
    }
  pf_client_label_socket_async (ctl->client, controller, port, build_settings (label), &options, NULL,
                                pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_label_socket_finish (ctl->client, result, error))
    return FALSE;
  report (ctl, controller, port, label);
  return TRUE;
}

static const GOptionEntry entries[]
    = { { "place", 0, 0, G_OPTION_ARG_STRING, &given.place,
          N_ ("Where the socket is: rear, front, internal; \"\" forgets it"), N_ ("PLACE") },
        { "colour", 0, 0, G_OPTION_ARG_STRING, &given.colour,
          N_ ("Colour of its plastic: black, white, grey, blue, teal, red, yellow, orange, green, purple; "
              "\"\" forgets it"),
          N_ ("COLOUR") },
        { NULL } };

const PfCtlCommand pf_ctl_command_label = {
  .name = "label",
  .arguments = "CONTROLLER PORT [LABEL]",
  .summary = N_ ("Note what people call a socket, where it is and its colour"),
  .details = N_ (
      "For example: portferryctl label 00:14.0 ehci2/3 \"front left\" --place=front. A port that does not "
      "move is usb/N, by its number on its controller. An empty label forgets it; what is not given stays."),
  .entries = entries,
  .min_arguments = 2,
  .max_arguments = 3,
  .may_ask = TRUE,
  .run = run_label,
};
