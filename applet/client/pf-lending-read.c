/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What pf_lending_describe() wants to know, from what the helper publishes. */

#include "pf-lending.h"
#include "pf-variant.h"
#include "pf-words.h"

#define HIGH_SPEED 480

/* A socket for USB 3 is on two root hubs: that for USB 2 has them all. */
static guint
count_sockets (GVariant *hubs)
{
  guint n_sockets = 0;

  for (gsize i = 0; hubs != NULL && i < g_variant_n_children (hubs); i++)
    {
      g_autoptr (GVariant) hub = g_variant_get_child_value (hubs, i);
      guint inner = pf_variant_get_uint (hub, "hub-ports");

      if (pf_variant_get_uint (hub, "speed") <= HIGH_SPEED)
        n_sockets += inner > 0 ? inner : pf_variant_get_uint (hub, "ports");
    }
  return n_sockets;
}

/* Tells whether @built_in has every kind of input that @input has: "keyboard pointer", for example. */
static gboolean
is_spare (const char *input, const char *built_in)
{
  g_auto (GStrv) kinds = g_strsplit (input, " ", -1);
  g_auto (GStrv) kept = g_strsplit (built_in, " ", -1);

  for (guint i = 0; kinds[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) kept, kinds[i]))
      return FALSE;
  return TRUE;
}

/* The host can spare those that are built in as well. */
static void
read_inputs (PfLendingController *controller, GVariant *devices, const char *built_in)
{
  for (gsize i = 0; devices != NULL && i < g_variant_n_children (devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (devices, i);

      if (!is_spare (pf_variant_get_string (device, "input"), built_in))
        g_ptr_array_add (controller->inputs, pf_words_shorten_name (pf_variant_get_string (device, "name")));
    }
}

static void
read_members (PfLendingController *controller, GVariant *members)
{
  for (gsize i = 0; members != NULL && i < g_variant_n_children (members); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (members, i);
      const char *class_code = pf_variant_get_string (member, "class");

      if (pf_variant_get_boolean (member, "bridge") || g_str_has_prefix (class_code, "0c03"))
        continue;
      g_ptr_array_add (controller->along, pf_words_shorten_name (pf_variant_get_string (member, "name")));
    }
}

static PfLendingController *
find (GPtrArray *controllers, const char *address)
{
  for (guint i = 0; i < controllers->len; i++)
    if (g_strcmp0 (((PfLendingController *) controllers->pdata[i])->address, address) == 0)
      return controllers->pdata[i];
  return NULL;
}

static void
read_ports (GPtrArray *controllers, PfLendingController *xhci, PfDBusRouter *router)
{
  GVariant *ports = pf_dbus_router_get_ports (router);

  for (gsize i = 0; ports != NULL && i < g_variant_n_children (ports); i++)
    {
      g_autoptr (GVariant) port = g_variant_get_child_value (ports, i);
      PfLendingController *ehci = find (controllers, pf_variant_get_string (port, "ehci"));

      if (!pf_variant_get_boolean (port, "movable"))
        continue;
      xhci->n_movable++;
      xhci->is_routed = TRUE;
      if (ehci != NULL)
        ehci->is_routed = TRUE;
    }
}

static PfLendingController *
read_controller (PfDBusController *proxy, const char *built_in)
{
  const char *name = pf_dbus_controller_get_name (proxy);
  const char *problem = pf_dbus_controller_get_problem (proxy);
  g_autofree char *short_name = pf_words_shorten_name (name != NULL ? name : "");
  PfLendingController *controller = pf_lending_controller_new (
      pf_dbus_controller_get_address (proxy), short_name, pf_dbus_controller_get_iommu_group (proxy));

  controller->can_be_lent = problem == NULL || *problem == '\0';
  controller->warning = g_strdup (pf_dbus_controller_get_warning (proxy));
  controller->is_away = g_strcmp0 (pf_dbus_controller_get_owner (proxy), "guest") == 0;
  controller->n_sockets = count_sockets (pf_dbus_controller_get_root_hubs (proxy));
  read_inputs (controller, pf_dbus_controller_get_devices (proxy), built_in);
  read_members (controller, pf_dbus_controller_get_group_members (proxy));
  return controller;
}

/**
 * pf_lending_read:
 * @client: a client that is READY
 *
 * Leaves out what is no host controller: it has no socket to lend.
 *
 * Returns: (transfer full) (element-type PfLendingController): what is known of the machine's controllers
 */
GPtrArray *
pf_lending_read (PfClient *client)
{
  g_autoptr (GPtrArray) proxies = pf_client_list_controllers (client);
  GPtrArray *controllers = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_lending_controller_free);
  const char *built_in = pf_dbus_manager_get_built_in_input (pf_client_get_manager (client));

  for (guint i = 0; i < proxies->len; i++)
    {
      const char *kind = pf_dbus_controller_get_kind (proxies->pdata[i]);

      if (g_strcmp0 (kind, "other") != 0 && g_strcmp0 (kind, "usb4") != 0)
        g_ptr_array_add (controllers, read_controller (proxies->pdata[i], built_in != NULL ? built_in : ""));
    }
  for (guint i = 0; i < proxies->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (client, proxies->pdata[i]);
      PfLendingController *xhci = find (controllers, pf_dbus_controller_get_address (proxies->pdata[i]));

      if (router != NULL && xhci != NULL)
        read_ports (controllers, xhci, router);
    }
  return controllers;
}
