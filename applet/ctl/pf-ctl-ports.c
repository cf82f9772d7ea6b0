/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-table.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-doctor-facts.h"
#include "pf-lending.h"
#include "pf-variant.h"

#define OWNER_COLUMN 3
#define LABEL_COLUMN 4
#define DEVICES_COLUMN 5
#define LABEL_MIN_WIDTH 8
#define DEVICES_MIN_WIDTH 12

static const char *
get_side (GVariant *port)
{
  return g_str_equal (pf_variant_get_string (port, "side"), "xhci") ? "xHCI" : "EHCI";
}

static void
add_port (PfCtlTable *table, GVariant *port)
{
  const char *owner = pf_variant_get_string (port, "owner");
  g_autofree char *bit = g_strdup_printf ("%u", pf_variant_get_uint (port, "bit"));
  g_autofree char *side
      = g_strdup_printf (pf_variant_get_boolean (port, "movable") ? "%s" : _ ("%s, fixed"), get_side (port));
  g_autofree const char **devices = pf_variant_get_strv (port, "devices");
  g_autofree char *names = g_strjoinv (", ", (char **) devices);
  const char *cells[] = {
    pf_variant_get_string (port, "name"),  bit,   side, pf_ctl_words_get_owner (owner),
    pf_variant_get_string (port, "label"), names,
  };

  pf_ctl_table_add_row (table, cells);
  pf_ctl_table_style_cell (table, OWNER_COLUMN, pf_ctl_words_get_owner_style (owner));
}

static void
print_ports_of (const PfCtl *ctl, PfDBusController *controller, PfDBusRouter *router)
{
  const char *titles[] = { _ ("NAME"), _ ("BIT"), _ ("SIDE"), _ ("OWNER"), _ ("LABEL"), _ ("DEVICES"), NULL };
  GVariant *ports = pf_dbus_router_get_ports (router);
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);

  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Router %s: %s"),
                     pf_dbus_controller_get_address (controller),
                     pf_ctl_text_or_empty (pf_dbus_router_get_chipset (router)));
  pf_ctl_table_align_right (table, 1);
  pf_ctl_table_set_flexible (table, LABEL_COLUMN, LABEL_MIN_WIDTH);
  pf_ctl_table_set_flexible (table, DEVICES_COLUMN, DEVICES_MIN_WIDTH);
  for (gsize i = 0; ports != NULL && i < g_variant_n_children (ports); i++)
    {
      g_autoptr (GVariant) port = g_variant_get_child_value (ports, i);

      add_port (table, port);
    }
  pf_ctl_table_print (table, &ctl->screen);
}

/* The helper looks for it only when it lends. */
static gboolean
lacks_driver (void)
{
  g_autoptr (PfDoctorFacts) facts = pf_doctor_facts_read ("/");

  return facts->vfio == PF_DOCTOR_VFIO_MISSING;
}

/* Where ports can be moved the list says enough, unless they can go nowhere. */
static void
print_lending (const PfCtl *ctl, gboolean always)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) controllers = NULL;
  g_autoptr (PfLending) lending = NULL;

  pf_lending_ask_async (ctl->client, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  controllers = pf_lending_ask_finish (ctl->client, result, NULL);
  lending = pf_lending_describe (controllers);
  if (controllers->len == 0 || (lending->kind != PF_LENDING_NOTHING && !always))
    return;
  if (lacks_driver ())
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PROBLEM, "%s %s", _ ("No controller can be lent."),
                         _ ("The running kernel has no driver vfio-pci."));
      return;
    }
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s", lending->what);
  for (guint i = 0; i < lending->ways->len; i++)
    pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_PLAIN, "%s", (char *) lending->ways->pdata[i]);
  for (guint i = 0; i < lending->obstacles->len; i++)
    pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_PLAIN, "%s", (char *) lending->obstacles->pdata[i]);
  if (lending->kind == PF_LENDING_NOTHING && lending->obstacles->len == 0)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("“portferryctl controllers” says why."));
  if (lending->advice != NULL)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, "%s", lending->advice);
}

static void
print_ports (const PfCtl *ctl)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (ctl->client);
  gboolean any = FALSE;

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (ctl->client, controllers->pdata[i]);

      if (router == NULL)
        continue;
      if (any)
        pf_ctl_screen_write (&ctl->screen, "\n");
      any = TRUE;
      print_ports_of (ctl, controllers->pdata[i], router);
    }
  if (!any)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("No controller here can move single ports."));
  print_lending (ctl, !any);
}

static gboolean
run_ports (PfCtl *ctl, char **arguments, GError **error)
{
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_ports (json, ctl->client);
      pf_ctl_json_print (json, TRUE);
    }
  else
    print_ports (ctl);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_ports = {
  .name = "ports",
  .summary = N_ ("List the ports that can be moved one by one"),
  .run = run_ports,
};
