/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-board.h"

#include <stdio.h>
#include <string.h>

#include "pf-fake-board-class.h"
#include "pf-fake-board-group.h"
#include "pf-fake-board-input.h"
#include "pf-fake-board-text.h"
#include "pf-fake-cpu.h"
#include "pf-fake-keys.h"
#include "pf-fake-open.h"

/* What a machine can have is less; a thousand is what tests ask for. */
#define MAX_FUNCTIONS 4096
#define MAX_INTERFACES 32 /* USB_MAXINTERFACES in include/linux/usb.h */

#define FIELD(type, field) G_STRUCT_OFFSET (type, field)

static const PfFakeKey board_keys[] = {
  { "name", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, name), NULL, FALSE },
  { "cpu", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, cpu), NULL, FALSE },
  { "iommu", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, iommu), "on|off|absent", FALSE },
  { "iommu-table", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeBoard, iommu_table), NULL, FALSE },
  { "vfio-pci", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, vfio_pci), "builtin|module|missing", FALSE },
  { "iommufd", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeBoard, iommufd), NULL, FALSE },
  { "unset-override", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, unset_override), NULL, FALSE },
  { "kernel", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, kernel), NULL, FALSE },
  { "cmdline", PF_FAKE_KEY_STRING, FIELD (PfFakeBoard, cmdline), NULL, FALSE },
  { "vfio-ids", PF_FAKE_KEY_LIST, FIELD (PfFakeBoard, vfio_ids), NULL, FALSE },
  { "modprobe", PF_FAKE_KEY_LIST, FIELD (PfFakeBoard, modprobe), NULL, FALSE },
  { "lockdown", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeBoard, lockdown), NULL, FALSE },
  { "enumerate-ms", PF_FAKE_KEY_NUMBER, FIELD (PfFakeBoard, enumerate_ms), "0..60000", FALSE },
  { "chassis", PF_FAKE_KEY_NUMBER, FIELD (PfFakeBoard, chassis), "none|0..255", FALSE },
  { "battery", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeBoard, battery), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey function_keys[] = {
  { "id", PF_FAKE_KEY_ID, FIELD (PfFakeFunction, id), NULL, TRUE },
  { "class", PF_FAKE_KEY_HEX, FIELD (PfFakeFunction, class_code), "0..0xffffff", TRUE },
  { "subsystem", PF_FAKE_KEY_ID, FIELD (PfFakeFunction, subsystem), NULL, FALSE },
  { "revision", PF_FAKE_KEY_HEX, FIELD (PfFakeFunction, revision), "0..0xff", FALSE },
  { "header", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, header), "none|0..127", FALSE },
  { "group", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, group), "none|0..65535", FALSE },
  { "driver", PF_FAKE_KEY_NAME, FIELD (PfFakeFunction, driver), NULL, FALSE },
  { "native", PF_FAKE_KEY_NAME, FIELD (PfFakeFunction, native), NULL, FALSE },
  { "override", PF_FAKE_KEY_STRING, FIELD (PfFakeFunction, override), NULL, FALSE },
  { "driverctl", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeFunction, driverctl), NULL, FALSE },
  { "reset", PF_FAKE_KEY_LIST, FIELD (PfFakeFunction, reset), NULL, FALSE },
  { "secondary", PF_FAKE_KEY_HEX, FIELD (PfFakeFunction, secondary), "0..0xff", FALSE },
  { "root-bus", PF_FAKE_KEY_STRING, FIELD (PfFakeFunction, root_bus), NULL, FALSE },
  { "power", PF_FAKE_KEY_STRING, FIELD (PfFakeFunction, power), "on|auto", FALSE },
  { "removable", PF_FAKE_KEY_STRING, FIELD (PfFakeFunction, removable), "removable|fixed|unknown", FALSE },
  { "numa-node", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, numa_node), "none|0..1023", FALSE },
  { "irq", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, irq), "none|0..65535", FALSE },
  { "config-size", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, config_size), NULL, FALSE },
  { "config", PF_FAKE_KEY_LIST, FIELD (PfFakeFunction, config), NULL, FALSE },
  { "config-writable", PF_FAKE_KEY_LIST, FIELD (PfFakeFunction, config_writable), NULL, FALSE },
  { "repeat", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, repeat), "1..8192", FALSE },
  { "usb2-ports", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, usb2_ports), "none|0..127", FALSE },
  { "usb3-ports", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, usb3_ports), "none|0..127", FALSE },
  { "usb3-speed", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, usb3_speed), "none|0..20000", FALSE },
  { "hub-ports", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, hub_ports), "none|0..31", FALSE },
  { "hub-id", PF_FAKE_KEY_ID, FIELD (PfFakeFunction, hub_id), NULL, FALSE },
  { "routing", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, routing), NULL, FALSE },
  { "mask", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, mask), NULL, FALSE },
  { "ss-mask", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, ss_mask), NULL, FALSE },
  { "routing-extra", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, routing_extra), NULL, FALSE },
  { "routing-stuck", PF_FAKE_KEY_BOOLEAN, FIELD (PfFakeFunction, routing_stuck), NULL, FALSE },
  { "boot-vga", PF_FAKE_KEY_STRING, FIELD (PfFakeFunction, boot_vga), "true|false", FALSE },
  { "nvidia-minor", PF_FAKE_KEY_NUMBER, FIELD (PfFakeFunction, nvidia_minor), "none|0..255", FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey member_keys[] = {
  { "group", PF_FAKE_KEY_NUMBER, FIELD (PfFakeMember, group), "0..65535", TRUE },
  { "bus", PF_FAKE_KEY_NAME, FIELD (PfFakeMember, bus), NULL, FALSE },
  { "driver", PF_FAKE_KEY_NAME, FIELD (PfFakeMember, driver), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static const PfFakeKey socket_keys[] = {
  { "port", PF_FAKE_KEY_STRING, FIELD (PfFakeSocket, port_text), NULL, FALSE },
  { "ss", PF_FAKE_KEY_STRING, FIELD (PfFakeSocket, ss_text), NULL, FALSE },
  { "place", PF_FAKE_KEY_STRING, FIELD (PfFakeSocket, place), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

#define KINDS                                                                                                \
  "keyboard|mouse|receiver|tablet|gamepad|security-key|scanner|storage|uas|webcam|audio|bluetooth|network|"  \
  "printer|hub|other"

static const PfFakeKey device_keys[] = {
  { "socket", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, socket), NULL, TRUE },
  { "id", PF_FAKE_KEY_ID, FIELD (PfFakeDevice, id), NULL, TRUE },
  { "kind", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, kind), KINDS, FALSE },
  { "manufacturer", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, manufacturer), NULL, FALSE },
  { "product", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, product), NULL, FALSE },
  { "serial", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, serial), NULL, FALSE },
  { "speed", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, speed), "1.5|12|480|5000|10000|20000", FALSE },
  { "class", PF_FAKE_KEY_HEX, FIELD (PfFakeDevice, device_class), "0..0xffffff", FALSE },
  { "interfaces", PF_FAKE_KEY_NAMES, FIELD (PfFakeDevice, interfaces), NULL, FALSE },
  { "ports", PF_FAKE_KEY_NUMBER, FIELD (PfFakeDevice, ports), "0..127", FALSE },
  { "mount", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, mount), NULL, FALSE },
  { "disk", PF_FAKE_KEY_NAME, FIELD (PfFakeDevice, disk), NULL, FALSE },
  { "drivers", PF_FAKE_KEY_NAMES, FIELD (PfFakeDevice, drivers), NULL, FALSE },
  { "paired", PF_FAKE_KEY_LIST, FIELD (PfFakeDevice, paired), NULL, FALSE },
  { "usage-page", PF_FAKE_KEY_HEX, FIELD (PfFakeDevice, usage_page), "0..0xffff", FALSE },
  { "seat", PF_FAKE_KEY_STRING, FIELD (PfFakeDevice, seat), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

static void
free_function (gpointer function)
{
  g_free (((PfFakeFunction *) function)->address);
  pf_fake_keys_clear (function_keys, function);
  g_free (function);
}

static void
free_member (gpointer member)
{
  g_free (((PfFakeMember *) member)->name);
  pf_fake_keys_clear (member_keys, member);
  g_free (member);
}

static void
free_socket (gpointer data)
{
  PfFakeSocket *socket = data;

  g_free (socket->name);
  g_free (socket->port.at);
  g_free (socket->ss.at);
  pf_fake_keys_clear (socket_keys, socket);
  g_free (socket);
}

/**
 * pf_fake_board_free_device:
 */
void
pf_fake_board_free_device (PfFakeDevice *device)
{
  g_free (device->name);
  pf_fake_keys_clear (device_keys, device);
  g_free (device);
}

static void
free_device (gpointer device)
{
  pf_fake_board_free_device (device);
}

static PfFakeBoard *
create_board (void)
{
  PfFakeBoard *board = g_new0 (PfFakeBoard, 1);

  board->name = g_strdup ("");
  board->cpu = g_strdup ("intel");
  board->iommu = g_strdup ("on");
  board->iommu_table = TRUE;
  board->vfio_pci = g_strdup ("builtin");
  board->unset_override = g_strdup ("(null)");
  board->kernel = g_strdup ("6.1.0-28-amd64");
  board->enumerate_ms = 30;
  board->functions = g_ptr_array_new_with_free_func (free_function);
  board->groups = g_ptr_array_new_with_free_func (pf_fake_board_group_free);
  board->members = g_ptr_array_new_with_free_func (free_member);
  board->sockets = g_ptr_array_new_with_free_func (free_socket);
  board->devices = g_ptr_array_new_with_free_func (free_device);
  board->disks = g_ptr_array_new_with_free_func (pf_fake_board_free_disk);
  board->nets = g_ptr_array_new_with_free_func (pf_fake_board_free_net);
  board->drms = g_ptr_array_new_with_free_func (pf_fake_board_free_drm);
  board->sounds = g_ptr_array_new_with_free_func (pf_fake_board_free_sound);
  board->nodes = g_ptr_array_new_with_free_func (pf_fake_open_free_node);
  board->opens = g_ptr_array_new_with_free_func (pf_fake_open_free_open);
  board->inputs = g_ptr_array_new_with_free_func (pf_fake_board_free_input);
  return board;
}

/**
 * pf_fake_board_free:
 */
void
pf_fake_board_free (PfFakeBoard *board)
{
  pf_fake_keys_clear (board_keys, board);
  g_free (board->path);
  g_free (board->text);
  g_ptr_array_unref (board->functions);
  g_ptr_array_unref (board->groups);
  g_ptr_array_unref (board->members);
  g_ptr_array_unref (board->sockets);
  g_ptr_array_unref (board->devices);
  g_ptr_array_unref (board->disks);
  g_ptr_array_unref (board->nets);
  g_ptr_array_unref (board->drms);
  g_ptr_array_unref (board->sounds);
  g_ptr_array_unref (board->nodes);
  g_ptr_array_unref (board->opens);
  g_ptr_array_unref (board->inputs);
  g_free (board);
}

/**
 * pf_fake_board_parse_address:
 * @text: with a domain, as the kernel writes it: 0000:00:14.0 or 10000:e1:00.0
 *
 * Returns: whether @text is the address of a PCI function
 */
gboolean
pf_fake_board_parse_address (const char *text, PfFakeAddress *address)
{
  int end = 0;

  return sscanf (text, "%8x:%2x:%2x.%1x%n", &address->domain, &address->bus, &address->slot,
                 &address->function, &end)
             == 4
         && text[end] == '\0' && address->slot < 32 && address->function < 8;
}

/**
 * pf_fake_board_rank_address:
 *
 * Returns: a number that puts addresses in order
 */
guint64
pf_fake_board_rank_address (const PfFakeAddress *address)
{
  return (guint64) address->domain << 32 | address->bus << 8 | address->slot << 3 | address->function;
}

static gboolean
fail (GError **error, const char *key, const char *message)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s: %s", key, message);
  return FALSE;
}

static char *
name_address (const PfFakeAddress *address)
{
  return g_strdup_printf ("%04x:%02x:%02x.%x", address->domain, address->bus, address->slot,
                          address->function);
}

/* As the kernel writes it: it becomes the name of a folder. */
static gboolean
is_address (const char *text, PfFakeAddress *address)
{
  g_autofree char *canonical = NULL;

  if (!pf_fake_board_parse_address (text, address))
    return FALSE;
  canonical = name_address (address);
  return strcmp (canonical, text) == 0;
}

static PfFakeFunction *
create_function (const char *address)
{
  PfFakeFunction *function = g_new0 (PfFakeFunction, 1);

  function->declared = function->address = g_strdup (address);
  function->header = function->group = function->irq = function->config_size = PF_FAKE_AUTO;
  function->usb2_ports = function->usb3_ports = function->usb3_speed = function->hub_ports = PF_FAKE_AUTO;
  function->routing = function->mask = function->ss_mask = PF_FAKE_AUTO;
  function->numa_node = function->nvidia_minor = PF_FAKE_NONE;
  function->repeat = 1;
  return function;
}

/* A repeated function fills the slots of its bus, then those of the following buses. */
static void
repeat_function (PfFakeBoard *board, const PfFakeFunction *first)
{
  for (int i = 1; i < first->repeat; i++)
    {
      PfFakeFunction *copy = g_memdup2 (first, sizeof *first);
      guint position = first->parsed.bus * 32 + first->parsed.slot + i;

      pf_fake_keys_copy (function_keys, first, copy);
      copy->parsed.bus = position / 32;
      copy->parsed.slot = position % 32;
      copy->address = name_address (&copy->parsed);
      g_ptr_array_add (board->functions, copy);
    }
}

static gboolean
read_board (PfFakeBoard *board, GKeyFile *file, GError **error)
{
  return pf_fake_keys_read (board_keys, board, file, "board", error)
         && (pf_fake_cpu_is_known (board->cpu)
             || fail (error, "cpu",
                      "expected intel|amd|hygon|zhaoxin|other, or a vendor in twelve characters"));
}

static gboolean
read_function (PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeFunction *function = create_function (name);

  g_ptr_array_add (board->functions, function);
  if (!is_address (name, &function->parsed))
    return fail (error, name, "not the address of a PCI function, as in 0000:00:14.0");
  if (!pf_fake_keys_read (function_keys, function, file, group, error))
    return FALSE;
  if (function->repeat < 1 || function->parsed.bus * 32 + function->parsed.slot + function->repeat > 256 * 32)
    return fail (error, "repeat", "not so many functions fit behind this address");
  if (board->functions->len + (guint) function->repeat > MAX_FUNCTIONS)
    return fail (error, "repeat", "this board has more than " G_STRINGIFY (MAX_FUNCTIONS) " functions");
  repeat_function (board, function);
  return TRUE;
}

static gboolean
read_member (PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeMember *member = g_new0 (PfFakeMember, 1);

  member->name = g_strdup (name);
  member->bus = g_strdup ("platform");
  g_ptr_array_add (board->members, member);
  return pf_fake_keys_read (member_keys, member, file, group, error);
}

/* "ehci1/3", "0000:21:00.3/1", "desk-hub/2", or just a port of what @assumed names. */
static gboolean
parse_end (const char *text, const char *assumed, PfFakeEnd *end)
{
  const char *slash = strrchr (text, '/');
  const char *digits = slash != NULL ? slash + 1 : text;
  guint64 port;

  if ((slash == NULL && assumed == NULL) || !g_ascii_string_to_unsigned (digits, 10, 1, 255, &port, NULL))
    return FALSE;
  end->at = slash != NULL ? g_strndup (text, slash - text) : g_strdup (assumed);
  end->port = port;
  return TRUE;
}

static gboolean
read_socket (PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeSocket *socket = g_new0 (PfFakeSocket, 1);
  const char *same = NULL;

  socket->name = g_strdup (name);
  g_ptr_array_add (board->sockets, socket);
  if (!pf_fake_keys_read (socket_keys, socket, file, group, error))
    return FALSE;
  if (socket->port_text == NULL && socket->ss_text == NULL)
    return fail (error, "port", "a socket needs a port or an ss, or both");
  if (socket->port_text != NULL && !parse_end (socket->port_text, NULL, &socket->port))
    return fail (error, "port", "expected CONTROLLER/PORT, as in ehci1/3 or 0000:21:00.3/1");
  same = socket->port.at != NULL && !g_str_has_prefix (socket->port.at, "ehci") ? socket->port.at : "xhci";
  if (socket->ss_text != NULL && !parse_end (socket->ss_text, same, &socket->ss))
    return fail (error, "ss", "expected a port number or CONTROLLER/PORT");
  return TRUE;
}

static PfFakeDevice *
create_device (const char *name)
{
  PfFakeDevice *device = g_new0 (PfFakeDevice, 1);

  device->name = g_strdup (name);
  device->kind = g_strdup ("other");
  device->ports = 4;
  return device;
}

static gboolean
check_interfaces (const PfFakeDevice *device, GError **error)
{
  guint count = device->interfaces != NULL ? g_strv_length (device->interfaces) : 1;

  return (count > 0 && count <= MAX_INTERFACES) || fail (error, "interfaces", "there are 1 to 32 of them");
}

static gboolean
read_device (PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeDevice *device = create_device (name);

  g_ptr_array_add (board->devices, device);
  return pf_fake_keys_read (device_keys, device, file, group, error) && check_interfaces (device, error);
}

/**
 * pf_fake_board_parse_device:
 * @name: what commands call it
 * @socket: where it is plugged in
 * @settings: (array zero-terminated=1): "key=value" as in a [device] group
 *
 * Returns: (transfer full): the device; NULL with @error set
 */
PfFakeDevice *
pf_fake_board_parse_device (const char *name, const char *socket, const char *const *settings, GError **error)
{
  g_autoptr (PfFakeDevice) device = create_device (name);

  device->socket = g_strdup (socket);
  for (; *settings != NULL; settings++)
    {
      g_auto (GStrv) pair = g_strsplit (*settings, "=", 2);

      if (g_strv_length (pair) != 2)
        return fail (error, *settings, "expected KEY=VALUE"), NULL;
      if (!pf_fake_keys_set (device_keys, device, pair[0], pair[1], error))
        return NULL;
    }
  if (device->id == 0)
    return fail (error, "id", "this key is missing"), NULL;
  if (!check_interfaces (device, error))
    return NULL;
  return g_steal_pointer (&device);
}

/* With @is_file something is called so in sysfs. */
static const struct
{
  const char *type;
  gboolean is_file;
  gboolean (*read) (PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
} group_types[] = {
  { "function", FALSE, read_function },
  { "member", TRUE, read_member },
  { "socket", FALSE, read_socket },
  { "device", FALSE, read_device },
  { "disk", TRUE, pf_fake_board_read_disk },
  { "net", TRUE, pf_fake_board_read_net },
  { "drm", TRUE, pf_fake_board_read_drm },
  { "sound", TRUE, pf_fake_board_read_sound },
  { "node", TRUE, pf_fake_open_read_node },
  { "open", FALSE, pf_fake_open_read_open },
  { "group", FALSE, pf_fake_board_group_read },
  { "input", TRUE, pf_fake_board_read_input },
};

static gboolean
read_group (PfFakeBoard *board, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) words = g_strsplit (group, " ", 2);

  if (strcmp (group, "board") == 0)
    return read_board (board, file, error);
  for (guint i = 0; i < G_N_ELEMENTS (group_types); i++)
    if (strcmp (words[0], group_types[i].type) == 0 && words[1] != NULL && *words[1] != '\0')
      {
        if (group_types[i].is_file && !pf_fake_board_text_is_file_name (words[1]))
          return fail (error, words[1], "no file can be called so");
        return group_types[i].read (board, file, group, words[1], error);
      }
  return fail (error, words[0], "there is no such kind of group");
}

static int
compare_functions (gconstpointer a, gconstpointer b)
{
  guint64 first = pf_fake_board_rank_address (&(*(PfFakeFunction *const *) a)->parsed);
  guint64 second = pf_fake_board_rank_address (&(*(PfFakeFunction *const *) b)->parsed);

  return first < second ? -1 : first > second;
}

/* Says in which line, for a message that begins with a key. */
static gboolean
say_where (const PfFakeBoard *board, const char *group, GError **error)
{
  const char *message = error != NULL ? (*error)->message : "";
  g_autofree char *key = g_strndup (message, strcspn (message, ":="));

  g_prefix_error (error, "%s:%u: [%s] ", board->path, pf_fake_board_text_find_line (board->text, group, key),
                  group);
  return FALSE;
}

static gboolean
refuse_twins (const PfFakeBoard *board, GError **error)
{
  for (guint i = 1; i < board->functions->len; i++)
    if (compare_functions (&board->functions->pdata[i - 1], &board->functions->pdata[i]) == 0)
      {
        const PfFakeFunction *function = board->functions->pdata[i];
        g_autofree char *group = g_strconcat ("function ", function->declared, NULL);

        fail (error, function->address, "this function is there twice");
        return say_where (board, group, error);
      }
  return TRUE;
}

static gboolean
load_file (PfFakeBoard *board, const char *path, GKeyFile *file, GError **error)
{
  gsize length;

  board->path = g_strdup (path);
  if (!g_file_get_contents (path, &board->text, &length, error))
    return FALSE;
  if (!pf_fake_board_text_check (board->text, length, error))
    {
      g_prefix_error (error, "%s:", path);
      return FALSE;
    }
  if (!g_key_file_load_from_data (file, board->text, length, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  return TRUE;
}

/**
 * pf_fake_board_load:
 * @path: a board file, as tests/boards/README.md describes
 *
 * Returns: (transfer full): the board; NULL with @error set, naming the file, the line, the group and the key
 */
PfFakeBoard *
pf_fake_board_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (PfFakeBoard) board = create_board ();
  g_auto (GStrv) groups = NULL;

  if (!load_file (board, path, file, error))
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!read_group (board, file, groups[i], error))
      {
        say_where (board, groups[i], error);
        return NULL;
      }
  g_ptr_array_sort (board->functions, compare_functions);
  return refuse_twins (board, error) ? g_steal_pointer (&board) : NULL;
}

/**
 * pf_fake_board_find_function:
 *
 * Returns: (transfer none) (nullable): the function with this address
 */
PfFakeFunction *
pf_fake_board_find_function (const PfFakeBoard *board, const char *address)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      PfFakeFunction *function = g_ptr_array_index (board->functions, i);

      if (strcmp (function->address, address) == 0)
        return function;
    }
  return NULL;
}

/**
 * pf_fake_board_find_socket:
 *
 * Returns: (transfer none) (nullable): the socket with this name
 */
PfFakeSocket *
pf_fake_board_find_socket (const PfFakeBoard *board, const char *name)
{
  for (guint i = 0; i < board->sockets->len; i++)
    {
      PfFakeSocket *socket = g_ptr_array_index (board->sockets, i);

      if (strcmp (socket->name, name) == 0)
        return socket;
    }
  return NULL;
}
