/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-table.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-variant.h"

#define NAME_MIN_WIDTH 16
#define OWNER_COLUMN 3
#define GROUP_COLUMN 4
#define NAME_COLUMN 5

static void
add_devices (PfCtlTable *table, PfDBusController *controller)
{
  GVariant *devices = pf_dbus_controller_get_devices (controller);

  for (gsize i = 0; devices != NULL && i < g_variant_n_children (devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (devices, i);
      const char *port = pf_variant_get_string (device, "port");
      g_autofree char *text = NULL;

      text = g_strdup_printf ("%-8s %s%s%s%s", pf_variant_get_string (device, "sysname"),
                              pf_variant_get_string (device, "name"), *port != '\0' ? " (" : "", port,
                              *port != '\0' ? ")" : "");
      pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, text);
    }
}

static void
add_group_member (PfCtlTable *table, GVariant *member)
{
  const char *driver = pf_variant_get_string (member, "driver");
  g_autofree char *name = pf_ctl_text_shorten_vendor (pf_variant_get_string (member, "name"));
  g_autofree char *address = g_strconcat ("+ ", pf_variant_get_string (member, "address"), NULL);
  const char *cells[] = {
    address,
    "",
    *driver != '\0' ? driver : "-",
    pf_variant_get_boolean (member, "bridge") ? C_ ("group member", "stays") : C_ ("group member", "moves"),
    "",
    name,
  };

  pf_ctl_table_add_row (table, cells);
  for (guint column = 0; column < G_N_ELEMENTS (cells); column++)
    pf_ctl_table_style_cell (table, column, PF_CTL_STYLE_FAINT);
}

static void
add_group_members (PfCtlTable *table, PfDBusController *controller)
{
  GVariant *members = pf_dbus_controller_get_group_members (controller);

  for (gsize i = 0; members != NULL && i < g_variant_n_children (members); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (members, i);

      if (g_strcmp0 (pf_variant_get_string (member, "address"), pf_dbus_controller_get_address (controller))
          != 0)
        add_group_member (table, member);
    }
}

static void
add_remarks (PfCtlTable *table, PfDBusController *controller)
{
  const char *holder = pf_ctl_text_or_empty (pf_dbus_controller_get_holder (controller));
  const char *problem = pf_ctl_text_or_empty (pf_dbus_controller_get_problem (controller));
  const char *warning = pf_ctl_text_or_empty (pf_dbus_controller_get_warning (controller));

  if (g_strcmp0 (pf_dbus_controller_get_lent_by (controller), "others") == 0)
    pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_GUEST,
                           _ ("lent by others (kernel parameters, driverctl, libvirt ...)"));
  if (pf_dbus_controller_get_removable (controller))
    pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, _ ("can be unplugged"));
  if (*holder != '\0')
    {
      g_autofree char *text = g_strdup_printf (_ ("in use by %s"), holder);

      pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_GUEST, text);
    }
  if (*problem != '\0')
    {
      g_autofree char *text = g_strdup_printf (_ ("! %s"), problem);

      pf_ctl_table_add_paragraph (table, 2, PF_CTL_STYLE_PROBLEM, text);
    }
  if (*warning != '\0')
    {
      g_autofree char *text = g_strdup_printf (_ ("! note: %s"), warning);

      pf_ctl_table_add_paragraph (table, 2, PF_CTL_STYLE_PLAIN, text);
    }
}

static void
add_controller (PfCtlTable *table, PfClient *client, PfDBusController *controller)
{
  int group = pf_dbus_controller_get_iommu_group (controller);
  const char *driver = pf_ctl_text_or_empty (pf_dbus_controller_get_driver (controller));
  const char *owner = pf_dbus_controller_get_owner (controller);
  g_autofree char *name = pf_ctl_words_describe_controller (client, controller);
  g_autofree char *group_text = group >= 0 ? g_strdup_printf ("%d", group) : g_strdup ("-");
  const char *cells[] = {
    pf_dbus_controller_get_address (controller),
    pf_dbus_controller_get_kind (controller),
    *driver != '\0' ? driver : "-",
    pf_ctl_words_get_owner (owner),
    group_text,
    name,
  };

  pf_ctl_table_add_row (table, cells);
  pf_ctl_table_style_cell (table, OWNER_COLUMN, pf_ctl_words_get_owner_style (owner));
  add_devices (table, controller);
  add_group_members (table, controller);
  add_remarks (table, controller);
}

static void
print_controllers (const PfCtl *ctl)
{
  const char *titles[]
      = { _ ("ADDRESS"), _ ("KIND"), _ ("DRIVER"), _ ("OWNER"), _ ("GROUP"), _ ("NAME"), NULL };
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (ctl->client);
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);

  if (controllers->len == 0)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("This machine has no USB controller."));
      return;
    }
  pf_ctl_table_align_right (table, GROUP_COLUMN);
  pf_ctl_table_set_flexible (table, NAME_COLUMN, NAME_MIN_WIDTH);
  pf_ctl_table_cut_middle (table, NAME_COLUMN);
  for (guint i = 0; i < controllers->len; i++)
    add_controller (table, ctl->client, controllers->pdata[i]);
  pf_ctl_table_print (table, &ctl->screen);
}

static gboolean
run_controllers (PfCtl *ctl, char **arguments, GError **error)
{
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_controllers (json, ctl->client);
      pf_ctl_json_print (json, TRUE);
    }
  else
    print_controllers (ctl);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_controllers = {
  .name = "controllers",
  .summary = N_ ("List the USB controllers and what is plugged in"),
  .details = N_ ("Lines with “+” are the other members of the controller's IOMMU group. Those that move go "
                 "to the guest\n"
                 "together with it; bridges stay."),
  .run = run_controllers,
};
