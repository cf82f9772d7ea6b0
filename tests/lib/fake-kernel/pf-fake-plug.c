/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-plug.h"

#include <string.h>

#include <gio/gio.h>

#include "pf-fake-chips.h"
#include "pf-fake-config.h"

#define MAX_HUBS 5

/**
 * PfFakePlug:
 * @spec: the device
 * @own_spec: (nullable): the same, where it was plugged in later and is not part of the board
 * @present: (nullable): what the kernel sees of it, for each half; only a hub has both at once
 *
 * A USB device that is plugged into a socket, whether or not anybody can see it there.
 */
typedef struct
{
  const PfFakeDevice *spec;
  PfFakeUsb *present[PF_FAKE_N_HALVES];
} PfFakePlug;

/* A port of a hub, where a half of a plug leads to now; no hub: nobody there. */
typedef struct
{
  PfFakeUsb *hub;
  guint port;
} Place;

static PfFakePci *
find_by_id (PfFakeKernel *kernel, guint32 id)
{
  for (guint i = 0; i < kernel->pci->len && id != 0; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      if (pci->spec->id == id)
        return pci;
    }
  return NULL;
}

static PfFakePci *
find_router (PfFakeKernel *kernel, const PfFakeRouterChip **chip)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      *chip = pf_fake_chips_find_router (pci->spec->id);
      if (*chip != NULL)
        return pci;
    }
  return NULL;
}

static PfFakeUsb *
get_root_hub (const PfFakePci *pci, PfFakeHalf half)
{
  return pci != NULL && pci->host != NULL ? pci->host->hubs[half] : NULL;
}

static PfFakeUsb *
get_rate_matching_hub (const PfFakePci *pci)
{
  return pci != NULL && pci->host != NULL ? pci->host->rate_matching : NULL;
}

/* Where the routing register sends the USB2 port that is @bit. */
static Place
follow_bit (PfFakePci *xhci, const PfFakeRouterChip *chip, int bit)
{
  guint32 value = pf_fake_config_get (xhci, PF_FAKE_CONFIG_XUSB2PR);

  for (int port = 0; bit >= 0 && port < chip->usb2_ports; port++)
    if (chip->usb2_bits[port] == bit && value >> bit & 1)
      return (Place){ get_root_hub (xhci, PF_FAKE_HALF_USB2), port + 1 };
  for (int i = 0; i < 2; i++)
    for (int port = 0; port < chip->hub_ports[i]; port++)
      if (chip->hub_bits[i][port] == bit)
        return (Place){ get_rate_matching_hub (find_by_id (xhci->kernel, chip->ehci[i])), port + 1 };
  /* A port with no EHCI behind it, such as USBR, stays where it is. */
  for (int port = 0; port < chip->usb2_ports; port++)
    if (chip->usb2_bits[port] == bit)
      return (Place){ get_root_hub (xhci, PF_FAKE_HALF_USB2), port + 1 };
  return (Place){ NULL, 0 };
}

static Place
follow_router_port (PfFakeKernel *kernel, const PfFakeEnd *end)
{
  const PfFakeRouterChip *chip = NULL;
  PfFakePci *xhci = find_router (kernel, &chip);
  int index = strcmp (end->at, "ehci2") == 0;
  int bit;

  if (xhci == NULL)
    return (Place){ NULL, 0 };
  if (strcmp (end->at, "xhci") == 0)
    return end->port <= G_N_ELEMENTS (chip->usb2_bits)
               ? follow_bit (xhci, chip, chip->usb2_bits[end->port - 1])
               : (Place){ get_root_hub (xhci, PF_FAKE_HALF_USB2), end->port };
  if (end->port > G_N_ELEMENTS (chip->hub_bits[index]))
    return (Place){ get_rate_matching_hub (find_by_id (kernel, chip->ehci[index])), end->port };
  bit = chip->hub_bits[index][end->port - 1];
  if (bit >= 0)
    return follow_bit (xhci, chip, bit);
  return (Place){ get_rate_matching_hub (find_by_id (kernel, chip->ehci[index])), end->port };
}

static gboolean
is_router_name (const char *at)
{
  return strcmp (at, "ehci1") == 0 || strcmp (at, "ehci2") == 0 || strcmp (at, "xhci") == 0;
}

static Place
follow_usb2 (PfFakeKernel *kernel, const PfFakeEnd *end)
{
  PfFakePci *pci;

  if (end->at == NULL)
    return (Place){ NULL, 0 };
  if (is_router_name (end->at))
    return follow_router_port (kernel, end);
  pci = pf_fake_kernel_find_pci (kernel, end->at);
  if (pci != NULL && pf_fake_usb_count_hub_ports (pci) > 0)
    return (Place){ get_rate_matching_hub (pci), end->port };
  return (Place){ get_root_hub (pci, PF_FAKE_HALF_USB2), end->port };
}

static PfFakePci *
find_super_speed_controller (PfFakeKernel *kernel, const PfFakeEnd *end)
{
  const PfFakeRouterChip *chip = NULL;

  if (end->at == NULL)
    return NULL;
  return is_router_name (end->at) ? find_router (kernel, &chip) : pf_fake_kernel_find_pci (kernel, end->at);
}

/* SuperSpeed pins are wired to the xHCI for good, but a router can turn their terminations off. */
static gboolean
has_super_speed_link (const PfFakePci *xhci, guint port)
{
  if (xhci == NULL)
    return FALSE;
  return pf_fake_chips_find_router (xhci->spec->id) == NULL
         || (port <= 32 && (pf_fake_config_get (xhci, PF_FAKE_CONFIG_USB3_PSSEN) >> (port - 1) & 1));
}

static gboolean
is_super_speed (const PfFakeDevice *spec)
{
  return g_ascii_strtod (spec->speed != NULL ? spec->speed : "0", NULL) > 480
         || strcmp (spec->kind, "uas") == 0;
}

static gboolean
is_hub (const PfFakeDevice *spec)
{
  return strcmp (spec->kind, "hub") == 0;
}

static void
follow_socket (PfFakeKernel *kernel,
               const PfFakePlug *plug,
               const PfFakeSocket *socket,
               Place places[PF_FAKE_N_HALVES])
{
  PfFakePci *xhci = find_super_speed_controller (kernel, &socket->ss);
  gboolean linked = is_super_speed (plug->spec) && has_super_speed_link (xhci, socket->ss.port);

  if (linked)
    places[PF_FAKE_HALF_SUPER_SPEED]
        = (Place){ get_root_hub (xhci, PF_FAKE_HALF_SUPER_SPEED), socket->ss.port };
  if (!linked || is_hub (plug->spec))
    places[PF_FAKE_HALF_USB2] = follow_usb2 (kernel, &socket->port);
}

static PfFakePlug *
find_plug (PfFakeKernel *kernel, const char *name)
{
  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      PfFakePlug *plug = g_ptr_array_index (kernel->plugs, i);

      if (strcmp (plug->spec->name, name) == 0)
        return plug;
    }
  return NULL;
}

/* "HUB/PORT", where HUB is the name of a device. */
static PfFakePlug *
parse_hub_port (PfFakeKernel *kernel, const char *text, guint *port)
{
  const char *slash = strrchr (text, '/');
  g_autofree char *name = slash != NULL ? g_strndup (text, slash - text) : NULL;
  PfFakePlug *plug = name != NULL ? find_plug (kernel, name) : NULL;
  guint64 number;

  if (plug == NULL || !is_hub (plug->spec)
      || !g_ascii_string_to_unsigned (slash + 1, 10, 1, plug->spec->ports, &number, NULL))
    return NULL;
  *port = number;
  return plug;
}

static void
follow_plug (PfFakeKernel *kernel, const PfFakePlug *plug, Place places[PF_FAKE_N_HALVES])
{
  const PfFakeSocket *socket = pf_fake_board_find_socket (kernel->board, plug->spec->socket);
  guint port = 0;
  const PfFakePlug *hub = socket == NULL ? parse_hub_port (kernel, plug->spec->socket, &port) : NULL;
  gboolean linked;

  memset (places, 0, PF_FAKE_N_HALVES * sizeof *places);
  if (socket != NULL)
    follow_socket (kernel, plug, socket, places);
  if (hub == NULL)
    return;
  linked = is_super_speed (plug->spec) && is_super_speed (hub->spec);
  if (linked)
    places[PF_FAKE_HALF_SUPER_SPEED] = (Place){ hub->present[PF_FAKE_HALF_SUPER_SPEED], port };
  if (!linked || is_hub (plug->spec))
    places[PF_FAKE_HALF_USB2] = (Place){ hub->present[PF_FAKE_HALF_USB2], port };
}

static gboolean
is_at (const PfFakeUsb *device, const Place *place)
{
  return device->parent == place->hub && device->port == place->port;
}

/* Removes what is not where its wires lead any more. */
static void
disconnect_moved (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      PfFakePlug *plug = g_ptr_array_index (kernel->plugs, i);

      for (int half = 0; half < PF_FAKE_N_HALVES; half++)
        {
          Place places[PF_FAKE_N_HALVES];

          follow_plug (kernel, plug, places);
          if (plug->present[half] != NULL && !is_at (plug->present[half], &places[half]))
            pf_fake_usb_remove (plug->present[half]);
        }
    }
}

static gboolean
is_port_taken (const Place *place)
{
  for (guint i = 0; i < place->hub->children->len; i++)
    if (((const PfFakeUsb *) place->hub->children->pdata[i])->port == place->port)
      return TRUE;
  return FALSE;
}

/* Adds what a controller can see now. Returns whether there was anything; a new hub may make more visible. */
static gboolean
connect_visible (PfFakeKernel *kernel)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      PfFakePlug *plug = g_ptr_array_index (kernel->plugs, i);
      Place places[PF_FAKE_N_HALVES];

      follow_plug (kernel, plug, places);
      for (int half = 0; half < PF_FAKE_N_HALVES; half++)
        if (plug->present[half] != NULL || places[half].hub == NULL)
          continue;
        else if (is_port_taken (&places[half]))
          pf_fake_kernel_object (kernel, "device", plug->spec->name, "socket",
                                 "it leads to a port where something else is plugged in");
        else
          {
            pf_fake_usb_add (places[half].hub, places[half].port, plug->spec, &plug->present[half]);
            changed = TRUE;
          }
    }
  return changed;
}

/**
 * pf_fake_plug_settle:
 *
 * Makes the USB trees show what is plugged in: each device where its wires, the routing and the drivers put
 * it.
 */
void
pf_fake_plug_settle (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *pci = g_ptr_array_index (kernel->pci, i);

      if (pci->host != NULL)
        pf_fake_usb_enumerate_rate_matching_hub (pci->host);
    }
  disconnect_moved (kernel);
  while (connect_visible (kernel))
    continue;
}

static gboolean
on_settle_timeout (gpointer data)
{
  PfFakeKernel *kernel = data;

  kernel->settle_source = 0;
  pf_fake_plug_settle (kernel);
  return G_SOURCE_REMOVE;
}

/**
 * pf_fake_plug_settle_later:
 *
 * Lets the devices move after the time that the board says enumeration takes; at once where that is 0.
 */
void
pf_fake_plug_settle_later (PfFakeKernel *kernel)
{
  if (kernel->settle_source != 0)
    return;
  kernel->settle_source = g_timeout_add (kernel->board->enumerate_ms, on_settle_timeout, kernel);
}

/* USB has seven tiers: a root hub, five hubs, and what is plugged into the last (USB 2.0, 4.1.1). */
static gboolean
is_too_deep (PfFakeKernel *kernel, const char *socket)
{
  guint port, hubs = 0;

  for (const PfFakePlug *hub = parse_hub_port (kernel, socket, &port); hub != NULL && hubs <= MAX_HUBS;
       hubs++)
    hub = parse_hub_port (kernel, hub->spec->socket, &port);
  return hubs > MAX_HUBS;
}

static gboolean
refuse_place (GError **error, const char *place, const char *message)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: %s", place, message);
  return FALSE;
}

/**
 * pf_fake_plug_insert:
 * @spec: must outlive the plug
 *
 * Plugs a device into the socket that it names. What the kernel sees of it follows with the next settling.
 *
 * Returns: FALSE with @error set when there is no such socket or it is taken
 */
gboolean
pf_fake_plug_insert (PfFakeKernel *kernel, const PfFakeDevice *spec, GError **error)
{
  PfFakePlug *plug;
  guint port;

  if (pf_fake_board_find_socket (kernel->board, spec->socket) == NULL
      && parse_hub_port (kernel, spec->socket, &port) == NULL)
    return refuse_place (error, spec->socket,
                         "no such socket, nor such a port of a hub that was plugged in before");
  if (is_too_deep (kernel, spec->socket))
    return refuse_place (error, spec->socket, "this is behind more hubs than USB allows");
  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      const PfFakePlug *other = g_ptr_array_index (kernel->plugs, i);

      if (strcmp (other->spec->socket, spec->socket) == 0)
        return refuse_place (error, spec->socket, "something is plugged in there");
    }
  plug = g_new0 (PfFakePlug, 1);
  plug->spec = spec;
  g_ptr_array_add (kernel->plugs, plug);
  return TRUE;
}

static void
pull_plug (PfFakeKernel *kernel, PfFakePlug *plug)
{
  for (int half = 0; half < PF_FAKE_N_HALVES; half++)
    if (plug->present[half] != NULL)
      pf_fake_usb_remove (plug->present[half]);
  g_ptr_array_remove (kernel->plugs, plug);
  g_free (plug);
}

/**
 * pf_fake_plug_pull:
 * @socket: as in the device's socket key
 *
 * Pulls out what is plugged in there; with a hub, all that is plugged into it.
 *
 * Returns: FALSE when nothing is plugged in there
 */
gboolean
pf_fake_plug_pull (PfFakeKernel *kernel, const char *socket)
{
  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      PfFakePlug *plug = g_ptr_array_index (kernel->plugs, i);

      if (strcmp (plug->spec->socket, socket) != 0)
        continue;
      for (int port = 1; is_hub (plug->spec) && port <= plug->spec->ports; port++)
        {
          g_autofree char *below = g_strdup_printf ("%s/%d", plug->spec->name, port);

          pf_fake_plug_pull (kernel, below);
        }
      pull_plug (kernel, plug);
      return TRUE;
    }
  return FALSE;
}

/**
 * pf_fake_plug_find:
 *
 * Returns: (transfer none) (nullable): what the kernel has enumerated in this socket
 */
PfFakeUsb *
pf_fake_plug_find (PfFakeKernel *kernel, const char *socket)
{
  for (guint i = 0; i < kernel->plugs->len; i++)
    {
      const PfFakePlug *plug = g_ptr_array_index (kernel->plugs, i);

      if (strcmp (plug->spec->socket, socket) != 0)
        continue;
      for (guint half = 0; half < PF_FAKE_N_HALVES; half++)
        if (plug->present[half] != NULL)
          return plug->present[half];
    }
  return NULL;
}

/**
 * pf_fake_plug_free_all:
 *
 * Pulls out everything.
 */
void
pf_fake_plug_free_all (PfFakeKernel *kernel)
{
  while (kernel->plugs->len > 0)
    pull_plug (kernel, g_ptr_array_index (kernel->plugs, kernel->plugs->len - 1));
}

/* How many ports there are at @end; 0 when there is no such controller. */
static int
count_ports (PfFakeKernel *kernel, const PfFakeEnd *end, PfFakeHalf half)
{
  const PfFakeRouterChip *chip = NULL;
  PfFakePci *pci = find_router (kernel, &chip);

  if (!is_router_name (end->at))
    pci = pf_fake_kernel_find_pci (kernel, end->at);
  else if (pci != NULL && strcmp (end->at, "xhci") != 0)
    pci = find_by_id (kernel, chip->ehci[strcmp (end->at, "ehci2") == 0]);
  if (pci == NULL)
    return 0;
  if (half == PF_FAKE_HALF_USB2 && pf_fake_usb_count_hub_ports (pci) > 0)
    return pf_fake_usb_count_hub_ports (pci);
  return pf_fake_usb_count_ports (pci, half);
}

static gboolean
check_end (
    PfFakeKernel *kernel, const PfFakeSocket *socket, const PfFakeEnd *end, PfFakeHalf half, GError **error)
{
  int ports = end->at != NULL ? count_ports (kernel, end, half) : G_MAXINT;

  if ((int) end->port <= ports)
    return TRUE;
  return pf_fake_kernel_fail (
      kernel, "socket", socket->name, half == PF_FAKE_HALF_USB2 ? "port" : "ss", error,
      ports == 0 ? "no such controller on this board: %s (%d ports)" : "%s has %d ports", end->at, ports);
}

/**
 * pf_fake_plug_check_board:
 *
 * Checks that every socket leads to a port that the board has, and plugs its devices in.
 *
 * Returns: FALSE with @error set when the board file makes no sense here
 */
gboolean
pf_fake_plug_check_board (PfFakeKernel *kernel, GError **error)
{
  const PfFakeBoard *board = kernel->board;

  for (guint i = 0; i < board->sockets->len; i++)
    {
      const PfFakeSocket *socket = g_ptr_array_index (board->sockets, i);

      if (!check_end (kernel, socket, &socket->port, PF_FAKE_HALF_USB2, error)
          || !check_end (kernel, socket, &socket->ss, PF_FAKE_HALF_SUPER_SPEED, error))
        return FALSE;
    }
  for (guint i = 0; i < board->devices->len; i++)
    {
      const PfFakeDevice *device = g_ptr_array_index (board->devices, i);
      g_autoptr (GError) local = NULL;

      if (!pf_fake_plug_insert (kernel, device, &local))
        return pf_fake_kernel_fail (kernel, "device", device->name, "socket", error, "%s", local->message);
    }
  return TRUE;
}
