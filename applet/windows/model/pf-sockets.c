/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-sockets.h"

#include <string.h>

#include "pf-variant.h"
#include "pf-words.h"

/* From what the helper publishes to what people see: which half belongs to which, and what is plugged in
 * where.
 *
 * A router's ports are sockets of their own, wherever they are routed to, so the hubs of its EHCIs are not
 * counted again. Which SuperSpeed port shares a socket with which USB2 port is wiring that nothing tells; on
 * a router it is taken for the one with the same bit, on other controllers for the one with the same number,
 * as Linux does without ACPI's help (drivers/usb/core/port.c, find_and_link_peer()). */

#define SUPER_SPEED 5000 /* Mbit/s */

typedef struct
{
  GPtrArray *controllers; /* PfDBusController */
  GPtrArray *routers;     /* PfDBusRouter or NULL, one for each controller */
  GPtrArray *sockets;     /* PfSocket */
} Builder;

/**
 * pf_sockets_find:
 * @sockets: (element-type PfSocket): sockets
 * @key: names one of them
 *
 * Returns: (transfer none) (nullable): that socket
 */
PfSocket *
pf_sockets_find (GPtrArray *sockets, const char *key)
{
  for (guint i = 0; i < sockets->len; i++)
    {
      PfSocket *socket = sockets->pdata[i];

      if (g_strcmp0 (socket->key, key) == 0)
        return socket;
    }
  return NULL;
}

static PfSocket *
find_port (Builder *builder, const char *controller, const char *port)
{
  g_autofree char *key = g_strconcat (controller, " ", port, NULL);

  return pf_sockets_find (builder->sockets, key);
}

static PfSocket *
require_port (Builder *builder, PfDBusController *controller, const char *port)
{
  const char *address = pf_dbus_controller_get_address (controller);
  PfSocket *socket = find_port (builder, address, port);

  if (socket != NULL)
    return socket;
  socket = pf_socket_new (address, port);
  g_free (socket->controller_name);
  socket->controller_name = pf_words_shorten_name (pf_dbus_controller_get_name (controller));
  socket->owner = pf_owner_from_string (pf_dbus_controller_get_owner (controller));
  socket->super_speed_owner = socket->owner;
  g_ptr_array_add (builder->sockets, socket);
  return socket;
}

static PfSocket *
require_number (Builder *builder, PfDBusController *controller, guint number)
{
  g_autofree char *port = g_strdup_printf ("usb/%u", number);

  return require_port (builder, controller, port);
}

static void
read_note (PfSocket *socket, GVariant *row)
{
  g_free (socket->label);
  socket->label = g_strdup (pf_variant_get_string (row, "label"));
  g_free (socket->colour);
  socket->colour = g_strdup (pf_variant_get_string (row, "colour"));
  socket->place = pf_place_from_string (pf_variant_get_string (row, "place"));
}

static void
add_router_ports (Builder *builder, PfDBusController *controller, PfDBusRouter *router)
{
  GVariant *ports = pf_dbus_router_get_ports (router);
  GVariantIter iter;
  GVariant *row;

  g_variant_iter_init (&iter, ports);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    {
      PfSocket *socket = require_port (builder, controller, pf_variant_get_string (row, "name"));
      const char *ehci = pf_variant_get_string (row, "ehci");

      socket->bit = (int) pf_variant_get_uint (row, "bit");
      socket->ehci = *ehci != '\0' ? g_strdup (ehci) : NULL;
      socket->on_xhci = g_str_equal (pf_variant_get_string (row, "side"), "xhci");
      socket->movable = pf_variant_get_boolean (row, "movable");
      socket->owner = pf_owner_from_string (pf_variant_get_string (row, "owner"));
      socket->has_usb2 = TRUE;
      read_note (socket, row);
    }
}

static PfSocket *
find_bit (Builder *builder, const char *router, guint bit)
{
  for (guint i = 0; i < builder->sockets->len; i++)
    {
      PfSocket *socket = builder->sockets->pdata[i];

      if (socket->bit == (int) bit && g_str_equal (socket->controller, router))
        return socket;
    }
  return NULL;
}

/* The router, if any, that has @address as an EHCI of its ports. */
static PfDBusController *
find_router_of (Builder *builder, const char *address, guint port, gboolean any_port)
{
  for (guint i = 0; i < builder->controllers->len; i++)
    {
      GVariantIter iter;
      GVariant *row;

      if (builder->routers->pdata[i] == NULL)
        continue;
      g_variant_iter_init (&iter, pf_dbus_router_get_ports (builder->routers->pdata[i]));
      while (g_variant_iter_loop (&iter, "@a{sv}", &row))
        if (g_str_equal (pf_variant_get_string (row, "ehci"), address)
            && (any_port || pf_variant_get_uint (row, "ehci-port") == port))
          {
            g_variant_unref (row);
            return builder->controllers->pdata[i];
          }
    }
  return NULL;
}

/* The ports of an EHCI's hub, but those that a router has. Without the hub in the chipset, those of the root
 * hub. */
static void
add_usb2_ports (Builder *builder, PfDBusController *controller, GVariant *hub)
{
  const char *address = pf_dbus_controller_get_address (controller);
  guint hub_ports = pf_variant_get_uint (hub, "hub-ports");
  guint ports = hub_ports > 0 ? hub_ports : pf_variant_get_uint (hub, "ports");
  gboolean is_companion = find_router_of (builder, address, 0, TRUE) != NULL;

  if (is_companion && hub_ports == 0)
    return;
  for (guint number = 1; number <= ports; number++)
    if (!is_companion || find_router_of (builder, address, number, FALSE) == NULL)
      require_number (builder, controller, number)->has_usb2 = TRUE;
}

static void
add_super_speed_ports (Builder *builder, PfDBusController *controller, gboolean is_router, GVariant *hub)
{
  guint ports = pf_variant_get_uint (hub, "ports");
  const char *address = pf_dbus_controller_get_address (controller);

  for (guint number = 1; number <= ports; number++)
    {
      PfSocket *socket = is_router ? find_bit (builder, address, number - 1)
                                   : require_number (builder, controller, number);

      if (socket != NULL)
        socket->super_speed = pf_variant_get_uint (hub, "speed");
    }
}

static void
add_root_hubs (Builder *builder, PfDBusController *controller, gboolean is_router)
{
  GVariant *hubs = pf_dbus_controller_get_root_hubs (controller);
  GVariantIter iter;
  GVariant *hub;

  if (hubs == NULL)
    return;
  g_variant_iter_init (&iter, hubs);
  while (g_variant_iter_loop (&iter, "@a{sv}", &hub))
    {
      if (pf_variant_get_uint (hub, "speed") >= SUPER_SPEED)
        add_super_speed_ports (builder, controller, is_router, hub);
      else if (!is_router)
        add_usb2_ports (builder, controller, hub);
    }
}

/* What was noted of ports that do not move. They are sockets also while the controller is lent and shows
 * none. */
static void
add_labels (Builder *builder, PfDBusController *controller)
{
  GVariant *labels = pf_dbus_controller_get_labels (controller);
  GVariantIter iter;
  GVariant *row;

  if (labels == NULL)
    return;
  g_variant_iter_init (&iter, labels);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    {
      PfSocket *socket = require_port (builder, controller, pf_variant_get_string (row, "socket"));

      if (!socket->has_usb2 && socket->super_speed == 0)
        socket->has_usb2 = TRUE;
      read_note (socket, row);
    }
}

/* The root hub that a device is below, by the bus in its name. */
static GVariant *
find_hub (PfDBusController *controller, const char *sysname)
{
  GVariant *hubs = pf_dbus_controller_get_root_hubs (controller);
  guint bus = (guint) g_ascii_strtoull (sysname, NULL, 10);
  GVariantIter iter;
  GVariant *hub;

  g_variant_iter_init (&iter, hubs);
  while ((hub = g_variant_iter_next_value (&iter)) != NULL)
    {
      if (pf_variant_get_uint (hub, "bus") == bus)
        return hub;
      g_variant_unref (hub);
    }
  return NULL;
}

/* The number of the port in a name: that of the root hub, or below the hub in the chipset; 0 for none. */
static guint
get_port_number (const char *sysname, gboolean below_hub)
{
  const char *number = strchr (sysname, '-');

  if (number != NULL && below_hub)
    number = strchr (number, '.');
  return number != NULL ? (guint) g_ascii_strtoull (number + 1, NULL, 10) : 0;
}

static PfSocket *
find_fixed_socket (Builder *builder, PfDBusController *controller, gboolean is_router, const char *sysname)
{
  g_autoptr (GVariant) hub = find_hub (controller, sysname);
  gboolean is_super_speed = hub != NULL && pf_variant_get_uint (hub, "speed") >= SUPER_SPEED;
  guint number = get_port_number (sysname, hub != NULL && pf_variant_get_uint (hub, "hub-ports") > 0);
  PfSocket *socket;

  if (number == 0)
    return NULL;
  if (is_router && is_super_speed)
    {
      socket = find_bit (builder, pf_dbus_controller_get_address (controller), number - 1);
      if (socket != NULL)
        return socket;
    }
  socket = require_number (builder, controller, number);
  if (is_super_speed)
    socket->super_speed = pf_variant_get_uint (hub, "speed");
  else
    socket->has_usb2 = TRUE;
  return socket;
}

static PfSocket *
find_socket_of (Builder *builder, PfDBusController *controller, gboolean is_router, GVariant *device)
{
  const char *address = pf_dbus_controller_get_address (controller);
  const char *port = pf_variant_get_string (device, "port");
  PfDBusController *router = is_router ? controller : find_router_of (builder, address, 0, TRUE);

  if (*port != '\0' && router != NULL)
    return find_port (builder, pf_dbus_controller_get_address (router), port);
  return find_fixed_socket (builder, controller, is_router, pf_variant_get_string (device, "sysname"));
}

static void
add_devices (Builder *builder, PfDBusController *controller, gboolean is_router)
{
  GVariant *devices = pf_dbus_controller_get_devices (controller);
  GVariantIter iter;
  GVariant *row;

  if (devices == NULL)
    return;
  g_variant_iter_init (&iter, devices);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    {
      PfSocket *socket = find_socket_of (builder, controller, is_router, row);
      PfSocketDevice *device;

      if (socket == NULL)
        continue;
      pf_socket_add_device (socket, pf_variant_get_string (row, "sysname"),
                            pf_variant_get_string (row, "name"), pf_variant_get_boolean (row, "hub"));
      device = socket->devices->pdata[socket->devices->len - 1];
      device->speed = pf_variant_get_uint (row, "speed");
      device->is_input = pf_variant_get_string (row, "input")[0] != '\0';
      device->is_storage = pf_variant_get_boolean (row, "storage");
    }
}

static int
compare_sockets (gconstpointer a, gconstpointer b)
{
  const PfSocket *first = *(PfSocket *const *) a, *second = *(PfSocket *const *) b;
  int order = strcmp (first->controller, second->controller);

  if (order != 0)
    return order;
  if (first->bit != second->bit)
    {
      /* What cannot be routed comes last. */
      guint first_bit = first->bit >= 0 ? (guint) first->bit : G_MAXUINT;
      guint second_bit = second->bit >= 0 ? (guint) second->bit : G_MAXUINT;

      return first_bit < second_bit ? -1 : 1;
    }
  return (int) g_ascii_strtoull (first->port + 4, NULL, 10)
         - (int) g_ascii_strtoull (second->port + 4, NULL, 10);
}

/**
 * pf_sockets_build:
 * @controllers: (element-type PfDBusController): what the helper publishes
 * @routers: (element-type PfDBusRouter): the router of each of them, NULL for one that is none
 *
 * Returns: (transfer full) (element-type PfSocket): where something can be plugged in, by controller and
 * number
 */
GPtrArray *
pf_sockets_build (GPtrArray *controllers, GPtrArray *routers)
{
  Builder builder = { .controllers = controllers, .routers = routers };

  builder.sockets = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_socket_free);
  for (guint i = 0; i < controllers->len; i++)
    if (routers->pdata[i] != NULL)
      add_router_ports (&builder, controllers->pdata[i], routers->pdata[i]);
  for (guint i = 0; i < controllers->len; i++)
    {
      add_root_hubs (&builder, controllers->pdata[i], routers->pdata[i] != NULL);
      add_labels (&builder, controllers->pdata[i]);
    }
  for (guint i = 0; i < controllers->len; i++)
    add_devices (&builder, controllers->pdata[i], routers->pdata[i] != NULL);
  g_ptr_array_sort (builder.sockets, compare_sockets);
  return builder.sockets;
}

/**
 * pf_sockets_read:
 * @client: a client in PF_CLIENT_READY
 *
 * Returns: (transfer full) (element-type PfSocket): the sockets of this machine
 */
GPtrArray *
pf_sockets_read (PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);
  g_autoptr (GPtrArray) routers = g_ptr_array_new ();

  for (guint i = 0; i < controllers->len; i++)
    g_ptr_array_add (routers, pf_client_get_router (client, controllers->pdata[i]));
  return pf_sockets_build (controllers, routers);
}

/**
 * pf_sockets_find_plugged:
 * @before: (element-type PfSocket): the sockets as they were
 * @after: (element-type PfSocket): the sockets as they are
 * @device: (out) (optional) (nullable): what was plugged in; it belongs to the socket
 *
 * Returns: (transfer none) (nullable): the socket into which something was plugged since
 */
PfSocket *
pf_sockets_find_plugged (GPtrArray *before, GPtrArray *after, const PfSocketDevice **device)
{
  for (guint i = 0; i < after->len; i++)
    {
      PfSocket *now = after->pdata[i];
      const PfSocket *then = pf_sockets_find (before, now->key);

      for (guint j = 0; j < now->devices->len; j++)
        {
          const PfSocketDevice *found = now->devices->pdata[j];

          if (then != NULL && pf_socket_find_device (then, found->sysname) != NULL)
            continue;
          if (device != NULL)
            *device = found;
          return now;
        }
    }
  return NULL;
}

/**
 * pf_sockets_count_named:
 * @sockets: (element-type PfSocket): sockets
 *
 * Returns: how many of them have a name
 */
guint
pf_sockets_count_named (GPtrArray *sockets)
{
  guint n = 0;

  for (guint i = 0; i < sockets->len; i++)
    if (pf_socket_is_named (sockets->pdata[i]))
      n++;
  return n;
}
