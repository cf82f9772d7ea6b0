/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-socket.h"

#include <glib/gi18n.h>

#include "pf-plastic.h"
#include "pf-port-map.h"
#include "pf-words.h"

#define MAX_NAMED_DEVICES 3
#define SUPER_SPEED 5000 /* Mbit/s */

static void
free_device (gpointer data)
{
  PfSocketDevice *device = data;

  g_free (device->sysname);
  g_free (device->name);
  g_free (device);
}

/**
 * pf_socket_new:
 * @controller: its controller's address
 * @port: what the helper calls it
 *
 * Returns: (transfer full): a socket of the host of which nothing is known
 */
PfSocket *
pf_socket_new (const char *controller, const char *port)
{
  PfSocket *socket = g_new0 (PfSocket, 1);

  socket->key = g_strconcat (controller, " ", port, NULL);
  socket->controller = g_strdup (controller);
  socket->controller_name = g_strdup ("");
  socket->port = g_strdup (port);
  socket->label = g_strdup ("");
  socket->colour = g_strdup ("");
  socket->place = PF_PLACE_UNKNOWN;
  socket->bit = PF_CHIPSET_NO_BIT;
  socket->devices = g_ptr_array_new_with_free_func (free_device);
  return socket;
}

void
pf_socket_free (PfSocket *socket)
{
  g_free (socket->key);
  g_free (socket->controller);
  g_free (socket->controller_name);
  g_free (socket->port);
  g_free (socket->label);
  g_free (socket->colour);
  g_free (socket->ehci);
  g_ptr_array_unref (socket->devices);
  g_free (socket);
}

/**
 * pf_socket_copy:
 * @socket: a socket
 *
 * Returns: (transfer full): the same
 */
PfSocket *
pf_socket_copy (const PfSocket *socket)
{
  PfSocket *copy = pf_socket_new (socket->controller, socket->port);

  g_free (copy->controller_name);
  copy->controller_name = g_strdup (socket->controller_name);
  g_free (copy->label);
  copy->label = g_strdup (socket->label);
  g_free (copy->colour);
  copy->colour = g_strdup (socket->colour);
  copy->place = socket->place;
  copy->ehci = g_strdup (socket->ehci);
  copy->bit = socket->bit;
  copy->movable = socket->movable;
  copy->on_xhci = socket->on_xhci;
  copy->has_usb2 = socket->has_usb2;
  copy->super_speed = socket->super_speed;
  copy->owner = socket->owner;
  copy->super_speed_owner = socket->super_speed_owner;
  for (guint i = 0; i < socket->devices->len; i++)
    {
      const PfSocketDevice *device = socket->devices->pdata[i];
      PfSocketDevice *same;

      pf_socket_add_device (copy, device->sysname, device->name, device->is_hub);
      same = copy->devices->pdata[i];
      same->speed = device->speed;
      same->is_input = device->is_input;
      same->is_storage = device->is_storage;
    }
  return copy;
}

/**
 * pf_socket_add_device:
 * @socket: a socket
 * @sysname: the kernel's name of what is plugged in
 * @name: what it is, in words
 * @is_hub: whether it is a hub
 */
void
pf_socket_add_device (PfSocket *socket, const char *sysname, const char *name, gboolean is_hub)
{
  PfSocketDevice *device = g_new0 (PfSocketDevice, 1);

  device->sysname = g_strdup (sysname);
  device->name = g_strdup (name);
  device->is_hub = is_hub;
  g_ptr_array_add (socket->devices, device);
}

/**
 * pf_socket_find_device:
 * @socket: a socket
 * @sysname: the kernel's name
 *
 * Returns: (transfer none) (nullable): what is plugged in under that name
 */
const PfSocketDevice *
pf_socket_find_device (const PfSocket *socket, const char *sysname)
{
  for (guint i = 0; i < socket->devices->len; i++)
    {
      const PfSocketDevice *device = socket->devices->pdata[i];

      if (g_str_equal (device->sysname, sysname))
        return device;
    }
  return NULL;
}

/**
 * pf_socket_is_routed:
 * @socket: a socket
 *
 * Returns: whether it is a port of a router, to be lent on its own
 */
gboolean
pf_socket_is_routed (const PfSocket *socket)
{
  return socket->bit != PF_CHIPSET_NO_BIT;
}

/**
 * pf_socket_is_named:
 * @socket: a socket
 *
 * Returns: whether somebody has given it a name
 */
gboolean
pf_socket_is_named (const PfSocket *socket)
{
  return socket->label[0] != '\0';
}

/**
 * pf_socket_is_split:
 * @socket: a socket
 *
 * Returns: whether its halves belong to different sides
 */
gboolean
pf_socket_is_split (const PfSocket *socket)
{
  return socket->has_usb2 && socket->super_speed > 0 && socket->owner != socket->super_speed_owner;
}

/**
 * pf_socket_runs_at_super_speed:
 * @socket: a socket
 *
 * Returns: whether something is on its SuperSpeed half
 */
gboolean
pf_socket_runs_at_super_speed (const PfSocket *socket)
{
  for (guint i = 0; i < socket->devices->len; i++)
    if (((const PfSocketDevice *) socket->devices->pdata[i])->speed >= SUPER_SPEED)
      return TRUE;
  return FALSE;
}

static guint
get_number (const PfSocket *socket)
{
  return (guint) g_ascii_strtoull (socket->port + strlen ("usb/"), NULL, 10);
}

/**
 * pf_socket_get_title:
 * @socket: a socket
 *
 * Returns: (transfer full): what people call it, else which port it is
 */
char *
pf_socket_get_title (const PfSocket *socket)
{
  if (pf_socket_is_named (socket))
    return g_strdup (socket->label);
  if (pf_socket_is_routed (socket))
    /* Translators: a port without a name: the number of its EHCI controller, and which port of that it is */
    return g_strdup_printf (_ ("EHCI #%u port %u"), pf_port_map_bit_to_ehci ((guint) socket->bit),
                            pf_port_map_bit_to_ehci_port ((guint) socket->bit));
  /* Translators: a port without a name, by its number */
  return g_strdup_printf (_ ("Port %u"), get_number (socket));
}

/**
 * pf_socket_describe_speed:
 * @socket: a socket
 *
 * Returns: (transfer none): how fast it is, in words
 */
const char *
pf_socket_describe_speed (const PfSocket *socket)
{
  if (socket->super_speed == 0)
    return _ ("USB 2");
  if (!socket->has_usb2)
    return _ ("SuperSpeed half only");
  if (socket->super_speed >= 20000)
    return _ ("USB 3, 20 Gbit/s");
  if (socket->super_speed >= 10000)
    return _ ("USB 3, 10 Gbit/s");
  return _ ("USB 3, SuperSpeed");
}

/**
 * pf_owner_get_word:
 * @owner: an owner
 *
 * Returns: (transfer none): who that is
 */
const char *
pf_owner_get_word (PfOwner owner)
{
  switch (owner)
    {
    case PF_OWNER_GUEST:
      return _ ("Guest");
    case PF_OWNER_NOBODY:
      return _ ("Nobody");
    case PF_OWNER_HOST:
      break;
    }
  return _ ("Host");
}

PfOwner
pf_owner_from_string (const char *text)
{
  if (g_strcmp0 (text, "guest") == 0)
    return PF_OWNER_GUEST;
  return g_strcmp0 (text, "nobody") == 0 ? PF_OWNER_NOBODY : PF_OWNER_HOST;
}

/**
 * pf_socket_describe_owner:
 * @socket: a socket
 *
 * Returns: (transfer full): who has it; of both halves where that is not the same
 */
char *
pf_socket_describe_owner (const PfSocket *socket)
{
  if (!pf_socket_is_split (socket))
    return g_strdup (pf_owner_get_word (socket->has_usb2 ? socket->owner : socket->super_speed_owner));
  /* Translators: who has the two halves of a socket: "USB 2 half: Guest. SuperSpeed half: Host" */
  return g_strdup_printf (_ ("USB 2 half: %s. SuperSpeed half: %s"), pf_owner_get_word (socket->owner),
                          pf_owner_get_word (socket->super_speed_owner));
}

static gboolean
has_name (GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (names->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* A hub at SuperSpeed is there twice; what is behind a hub says more than the hub. */
static GPtrArray *
list_names (const PfSocket *socket, gboolean hubs)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < socket->devices->len; i++)
    {
      const PfSocketDevice *device = socket->devices->pdata[i];

      if (device->is_hub == hubs && !has_name (names, device->name))
        g_ptr_array_add (names, device->name);
    }
  return names;
}

/**
 * pf_socket_describe_devices:
 * @socket: a socket
 *
 * Returns: (transfer full): what is plugged in
 */
char *
pf_socket_describe_devices (const PfSocket *socket)
{
  g_autoptr (GPtrArray) names = list_names (socket, FALSE);

  if (names->len == 0)
    {
      g_ptr_array_unref (names);
      names = list_names (socket, TRUE);
    }
  if (names->len == 0)
    return g_strdup (_ ("Nothing plugged in"));
  g_ptr_array_add (names, NULL);
  return pf_words_join ((const char *const *) names->pdata, MAX_NAMED_DEVICES);
}

/**
 * pf_socket_describe_position:
 * @socket: a socket
 *
 * Returns: (transfer full): which controller or bit it is: "EHCI #2 port 3, bit 10, now on the EHCI",
 * "00:14.0 port 4"
 */
char *
pf_socket_describe_position (const PfSocket *socket)
{
  const char *address = pf_words_shorten_address (socket->controller);
  guint ehci, port;

  if (!pf_socket_is_routed (socket))
    /* Translators: address of a controller, and the number of one of its ports */
    return g_strdup_printf (_ ("%s port %u"), address, get_number (socket));
  ehci = pf_port_map_bit_to_ehci ((guint) socket->bit);
  port = pf_port_map_bit_to_ehci_port ((guint) socket->bit);
  if (!socket->movable)
    /* Translators: a port of an EHCI, and its bit in the routing register */
    return g_strdup_printf (_ ("EHCI #%u port %u, bit %d, cannot be routed"), ehci, port, socket->bit);
  if (socket->on_xhci)
    /* Translators: a port of an EHCI, its bit in the routing register, and where that routes it now */
    return g_strdup_printf (_ ("EHCI #%u port %u, bit %d, now on the xHCI"), ehci, port, socket->bit);
  /* Translators: a port of an EHCI, its bit in the routing register, and where that routes it now */
  return g_strdup_printf (_ ("EHCI #%u port %u, bit %d, now on the EHCI"), ehci, port, socket->bit);
}

/**
 * pf_socket_describe:
 * @socket: a socket
 *
 * Returns: (transfer full): all of that in one sentence, for a screen reader
 */
char *
pf_socket_describe (const PfSocket *socket)
{
  g_autofree char *title = pf_socket_get_title (socket);
  g_autofree char *owner = pf_socket_describe_owner (socket);
  g_autofree char *devices = pf_socket_describe_devices (socket);
  g_autofree char *position = pf_socket_describe_position (socket);

  if (*socket->colour == '\0')
    return g_strdup_printf ("%s, %s. %s. %s. %s", title, pf_socket_describe_speed (socket), owner, devices,
                            position);
  /* Translators: a socket's name and speed, whose it is, what is plugged in, which port it is, and the colour
   * of its plastic */
  return g_strdup_printf (_ ("%s, %s. %s. %s. %s. Plastic: %s"), title, pf_socket_describe_speed (socket),
                          owner, devices, position, _ (pf_plastic_find (socket->colour)->word));
}

/**
 * pf_place_get_word:
 * @place: a place
 *
 * Returns: (transfer none): what people call it
 */
const char *
pf_place_get_word (PfPlace place)
{
  switch (place)
    {
    case PF_PLACE_REAR:
      return _ ("Rear");
    case PF_PLACE_FRONT:
      return _ ("Front");
    case PF_PLACE_INTERNAL:
      return _ ("Inside the case");
    case PF_PLACE_UNKNOWN:
      break;
    }
  return _ ("Place unknown");
}

static const char *const place_names[PF_N_PLACES] = { "rear", "front", "internal", "" };

/**
 * pf_place_to_string:
 * @place: a place
 *
 * Returns: (transfer none): what the helper calls it; "" for unknown
 */
const char *
pf_place_to_string (PfPlace place)
{
  g_return_val_if_fail ((guint) place < PF_N_PLACES, "");
  return place_names[place];
}

PfPlace
pf_place_from_string (const char *text)
{
  for (guint i = 0; i < PF_PLACE_UNKNOWN; i++)
    if (g_strcmp0 (text, place_names[i]) == 0)
      return (PfPlace) i;
  return PF_PLACE_UNKNOWN;
}
