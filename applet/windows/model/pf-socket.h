/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"

G_BEGIN_DECLS

/* Where a socket is, in the order in which places are shown. */
typedef enum
{
  PF_PLACE_REAR,
  PF_PLACE_FRONT,
  PF_PLACE_INTERNAL,
  PF_PLACE_UNKNOWN,
} PfPlace;

#define PF_N_PLACES (PF_PLACE_UNKNOWN + 1)

/**
 * PfSocketDevice:
 * @sysname: the kernel's name, for example "3-1.2"
 * @name: in words
 * @speed: Mbit/s
 * @is_hub: whether it is a hub
 * @is_input: whether it is a keyboard or pointer
 * @is_storage: whether it is a disk or stick
 */
typedef struct
{
  char *sysname;
  char *name;
  guint speed;
  gboolean is_hub;
  gboolean is_input;
  gboolean is_storage;
} PfSocketDevice;

/**
 * PfSocket:
 * @key: names it on this machine: the controller's address, a blank, and @port
 * @controller: address of its controller; of the router for a port that can be routed
 * @controller_name: that controller in words
 * @port: what the helper calls it: "ehci2/3", or "usb/4"
 * @label: what people call it; "" when nobody has named it
 * @colour: of its plastic, as in LabelSocket; "" for unknown
 * @place: where it is
 * @ehci: (nullable): address of the EHCI that it can be routed to; NULL for a port of a fixed controller
 * @bit: in the routing register, or PF_CHIPSET_NO_BIT
 * @movable: whether it can be routed on this machine
 * @on_xhci: whether it is routed to the xHCI now
 * @has_usb2: whether it has a USB2 half that we know of
 * @super_speed: Mbit/s of its SuperSpeed half; 0 when it has none
 * @owner: who has the USB2 half
 * @super_speed_owner: who has the other one
 * @devices: (element-type PfSocketDevice): what is plugged in, hubs too
 *
 * A place to plug something in, as a person sees it: one USB2 half and maybe one SuperSpeed half.
 */
typedef struct
{
  char *key;
  char *controller;
  char *controller_name;
  char *port;
  char *label;
  char *colour;
  PfPlace place;
  char *ehci;
  int bit;
  gboolean movable;
  gboolean on_xhci;
  gboolean has_usb2;
  guint super_speed;
  PfOwner owner;
  PfOwner super_speed_owner;
  GPtrArray *devices;
} PfSocket;

PfSocket *pf_socket_new (const char *controller, const char *port);
void pf_socket_free (PfSocket *socket);
PfSocket *pf_socket_copy (const PfSocket *socket);
void pf_socket_add_device (PfSocket *socket, const char *sysname, const char *name, gboolean is_hub);

gboolean pf_socket_is_routed (const PfSocket *socket);
gboolean pf_socket_is_named (const PfSocket *socket);
gboolean pf_socket_is_split (const PfSocket *socket);
gboolean pf_socket_runs_at_super_speed (const PfSocket *socket);
const PfSocketDevice *pf_socket_find_device (const PfSocket *socket, const char *sysname);

char *pf_socket_get_title (const PfSocket *socket);
const char *pf_socket_describe_speed (const PfSocket *socket);
char *pf_socket_describe_owner (const PfSocket *socket);
char *pf_socket_describe_devices (const PfSocket *socket);
char *pf_socket_describe_position (const PfSocket *socket);
char *pf_socket_describe (const PfSocket *socket);

const char *pf_owner_get_word (PfOwner owner);
PfOwner pf_owner_from_string (const char *text);
const char *pf_place_get_word (PfPlace place);
const char *pf_place_to_string (PfPlace place);
PfPlace pf_place_from_string (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSocket, pf_socket_free)

G_END_DECLS
