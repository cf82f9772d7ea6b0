/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-label-call.h"

#include "pf-bus.h"
#include "pf-error.h"
#include "pf-port-map.h"

/* What is asked for by LabelPort, LabelSocket and TryPort, checked against the machine. */

/* The bit of a router's port, or PF_CHIPSET_NO_BIT. */
static int
find_port (const PfBoard *board, const char *address, const char *name, GError **error)
{
  const PfController *controller = pf_board_require_controller (board, address, error);

  if (controller == NULL)
    return PF_CHIPSET_NO_BIT;
  if (controller->router == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER,
                   "The controller %s is no router: it has no ports "
                   "that could be moved.",
                   address);
      return PF_CHIPSET_NO_BIT;
    }
  for (guint i = 0; i < controller->router->ports->len; i++)
    {
      guint bit = g_array_index (controller->router->ports, PfPort, i).bit;
      g_autofree char *port = pf_port_map_bit_to_name (bit);

      if (g_str_equal (port, name))
        return (int) bit;
    }
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "The router %s has no port of that name.",
               address);
  return PF_CHIPSET_NO_BIT;
}

static gboolean
check_port (const PfBoard *board, const char *address, const char *name, GError **error)
{
  return find_port (board, address, name, error) != PF_CHIPSET_NO_BIT;
}

/**
 * pf_label_call_find_port:
 * @board: the machine
 * @path: object path of a router
 * @port: one of its ports
 * @address: (out): the router's address
 * @error: what is wrong with the call
 *
 * Returns: the port's bit, or PF_CHIPSET_NO_BIT
 */
int
pf_label_call_find_port (
    const PfBoard *board, const char *path, const char *port, char **address, GError **error)
{
  *address = pf_bus_controller_address_from_path (path, error);
  return *address != NULL ? find_port (board, *address, port, error) : PF_CHIPSET_NO_BIT;
}

/**
 * pf_label_call_set_port:
 * @board: the machine
 * @labels: what people note of its sockets
 * @path: object path of a router
 * @port: one of its ports
 * @label: what people call it; "" forgets it
 * @error: what is wrong with the call, or why it could not be saved
 *
 * Returns: whether it is on disk
 */
gboolean
pf_label_call_set_port (const PfBoard *board,
                        PfLabels *labels,
                        const char *path,
                        const char *port,
                        const char *label,
                        GError **error)
{
  g_autofree char *address = pf_bus_controller_address_from_path (path, error);

  return address != NULL && check_port (board, address, port, error)
         && pf_labels_set (labels, address, port, label, error);
}

static gboolean
check_socket (const PfBoard *board, const char *address, const char *socket, GError **error)
{
  if (pf_labels_parse_socket (socket) == 0)
    return check_port (board, address, socket, error);
  return pf_board_require_controller (board, address, error) != NULL;
}

/**
 * pf_label_call_set_socket:
 * @board: the machine
 * @labels: what people note of its sockets
 * @path: object path of a controller
 * @socket: one of its ports
 * @settings: an a{sv} that pf_note_settings_check() has passed
 * @error: what is wrong with the call, or why it could not be saved
 *
 * Returns: whether it is on disk
 */
gboolean
pf_label_call_set_socket (const PfBoard *board,
                          PfLabels *labels,
                          const char *path,
                          const char *socket,
                          GVariant *settings,
                          GError **error)
{
  g_autofree char *address = pf_bus_controller_address_from_path (path, error);
  PfNote note = { NULL };

  if (address == NULL || !check_socket (board, address, socket, error))
    return FALSE;
  g_variant_lookup (settings, "label", "&s", &note.label);
  g_variant_lookup (settings, "place", "&s", &note.place);
  g_variant_lookup (settings, "colour", "&s", &note.colour);
  return pf_labels_set_note (labels, address, socket, &note, error);
}
