/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the host itself lives on: disks, screens, the network, and what somebody is just doing. */

#include "pf-objection-private.h"

/* Where a plan takes a use: what is afterwards. */
typedef enum
{
  FATE_STAYS,
  FATE_REPLUGGED, /* stays with the host, and is lost to it for a moment */
  FATE_LEAVES,
} Fate;

/* @format takes the part that is used, the device's name, and what for. */
typedef struct
{
  const char *code;
  PfSeverity severity;
  Fate from; /* the least fate that is objected to */
  const char *format;
} Rule;

#define LEAVE_IT "Leave it with the host."

static const Rule rules[] = {
  [PF_USE_ROOT] = { "root-disk", PF_SEVERITY_HARD, FATE_REPLUGGED,
                    "%1$s on %2$s carries the host's root file system: the host would stop. " LEAVE_IT },
  [PF_USE_BOOT] = { "boot-disk", PF_SEVERITY_HARD, FATE_REPLUGGED,
                    "%1$s on %2$s is what the host starts from, mounted at %3$s. " LEAVE_IT },
  [PF_USE_HOME] = { "home-disk", PF_SEVERITY_HARD, FATE_REPLUGGED,
                    "%1$s on %2$s carries people's own files, mounted at %3$s. " LEAVE_IT },
  [PF_USE_SYSTEM] = { "system-disk", PF_SEVERITY_HARD, FATE_REPLUGGED,
                      "%1$s on %2$s carries a part of the host's system, mounted at %3$s. " LEAVE_IT },
  [PF_USE_SWAP] = { "swap", PF_SEVERITY_HARD, FATE_REPLUGGED,
                    "The host swaps to %1$s on %2$s (%3$s). Switch that off first (swapoff)." },
  [PF_USE_VOLUME]
  = { "volume-member", PF_SEVERITY_HARD, FATE_REPLUGGED,
      "%1$s on %2$s is part of a volume in use (%3$s). Unmount and close that first (umount, and then "
      "cryptsetup close, vgchange -an, mdadm --stop or zpool export)." },
  [PF_USE_MOUNT]
  = { "mounted", PF_SEVERITY_SOFT, FATE_REPLUGGED,
      "%1$s on %2$s is mounted at %3$s: what has not been written yet would be lost. Unmount it "
      "first." },
  [PF_USE_DISPLAY]
  = { "display", PF_SEVERITY_HARD, FATE_LEAVES,
      "%2$s drives a screen of the host (%1$s). Connect the screen to another graphics card first." },
  [PF_USE_DEFAULT_ROUTE]
  = { "default-route", PF_SEVERITY_HARD, FATE_LEAVES,
      "%2$s is the host's way to the network (%1$s), and there is no other. Connect the host "
      "another way first." },
  [PF_USE_AUDIO]
  = { "audio-in-use", PF_SEVERITY_SOFT, FATE_LEAVES,
      "%3$s is playing or recording on %2$s (%1$s). Stop it first, or move it to another sound "
      "card." },
  [PF_USE_PRINTER] = { "print-session", PF_SEVERITY_SOFT, FATE_LEAVES,
                       "%3$s has %2$s (%1$s) open: it may be printing. Wait until it is done." },
  [PF_USE_FINGERPRINT] = { "fingerprint-session", PF_SEVERITY_SOFT, FATE_LEAVES,
                           "%3$s is reading fingerprints from %2$s (%1$s). Wait until it is done." },
  [PF_USE_OPEN] = { PF_CODE_IN_USE, PF_SEVERITY_SOFT, FATE_LEAVES,
                    "%1$s has %2$s open (%3$s), and would lose it. Close it there first." },
  [PF_USE_POWER]
  = { PF_CODE_IN_USE, PF_SEVERITY_SOFT, FATE_LEAVES,
      "%1$s reads the state of the power supply from %2$s (%3$s): the host would not hear of a power cut "
      "any more, and run until the battery is empty. " LEAVE_IT },
  [PF_USE_WRITTEN]
  = { PF_CODE_IN_USE, PF_SEVERITY_HARD, FATE_REPLUGGED,
      "%1$s has the disk %3$s on %2$s open for writing: data would be lost. Let it finish, or shut the "
      "virtual machine down that has the disk." },
  [PF_USE_GRAPHICS]
  = { "display", PF_SEVERITY_HARD, FATE_LEAVES,
      "%1$s works with the graphics card %2$s (%3$s open), and would fail with it. End that first, or "
      "take another graphics card for it." },
  /* What is on the functions that go along is said together: pf_objection_add_along(). */
  [PF_USE_CONTENT] = { NULL, PF_SEVERITY_NOTE, FATE_LEAVES, NULL },
  [PF_USE_UNSEEN]
  = { "users-unknown", PF_SEVERITY_NOTE, FATE_REPLUGGED,
      "Not all %1$s of this machine could be looked at: one of them may have %2$s, or what goes along with "
      "it, open." },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rules) == PF_N_USE_KINDS);

static const Rule second_route = {
  "default-route", PF_SEVERITY_SOFT, FATE_LEAVES,
  "%2$s is a way of the host to the network (%1$s). Another one stays; connections over this one break."
};

static const PfUsbDevice *
find_device (const PfController *controller, const char *sysname)
{
  for (guint i = 0; controller != NULL && i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (g_str_equal (device->sysname, sysname))
        return device;
    }
  return NULL;
}

/* A device that was not seen, gone or too deep below hubs, goes with its controller. */
static const PfUsbDevice *
get_device (const PfFuture *future, const PfUse *use, const PfController **controller)
{
  *controller = pf_board_find_controller (future->board, use->place.address);
  return use->place.usb != NULL ? find_device (*controller, use->place.usb) : NULL;
}

static Fate
get_fate (const PfFuture *future, const PfUse *use)
{
  const PfFunction *function = pf_board_find_function (future->board, use->place.address);
  const PfController *controller;
  const PfUsbDevice *device = get_device (future, use, &controller);

  if (function == NULL || pf_function_get_owner (function) == PF_OWNER_GUEST)
    return FATE_STAYS;
  /* A graphics card without a driver of its own still shows the firmware's picture. */
  if (pf_function_get_owner (function) == PF_OWNER_NOBODY)
    return use->kind == PF_USE_DISPLAY && pf_future_get_owner (future, function) == PF_OWNER_GUEST
               ? FATE_LEAVES
               : FATE_STAYS;
  if (device == NULL)
    return pf_future_get_owner (future, function) != PF_OWNER_HOST ? FATE_LEAVES : FATE_STAYS;
  if (pf_future_get_device_owner (future, controller, device) != PF_OWNER_HOST)
    return FATE_LEAVES;
  return pf_future_unplugs_device (future, controller, device) ? FATE_REPLUGGED : FATE_STAYS;
}

static gboolean
has_route_left (const PfFuture *future)
{
  if (future->board->other_routes > 0)
    return TRUE;
  for (guint i = 0; i < future->board->uses->len; i++)
    {
      const PfUse *use = future->board->uses->pdata[i];

      if (use->kind == PF_USE_DEFAULT_ROUTE && get_fate (future, use) != FATE_LEAVES)
        return TRUE;
    }
  return FALSE;
}

static char *
describe_place (const PfFuture *future, const PfUse *use)
{
  const PfController *controller;
  const PfUsbDevice *device = get_device (future, use, &controller);

  if (device != NULL && device->name != NULL)
    return g_strdup (device->name);
  return pf_function_describe (pf_board_find_function (future->board, use->place.address));
}

static gboolean
names_process_first (PfUseKind kind)
{
  return kind >= PF_USE_OPEN && kind <= PF_USE_GRAPHICS;
}

/* Who has a device open says nothing more where it cannot leave anyway. */
static gboolean
is_said (const GPtrArray *objections, const PfUse *use)
{
  const char *place = use->place.usb != NULL ? use->place.usb : use->place.address;

  return rules[use->kind].severity == PF_SEVERITY_SOFT && names_process_first (use->kind)
         && pf_objections_have_hard (objections, place);
}

static void
object_to (GPtrArray *objections, const PfFuture *future, const PfUse *use)
{
  const Rule *rule = &rules[use->kind];
  g_autofree char *name = NULL;
  PfObjection *objection;
  char *message;

  if (rule->code == NULL || get_fate (future, use) < rule->from || is_said (objections, use))
    return;
  if (use->kind == PF_USE_DEFAULT_ROUTE && has_route_left (future))
    rule = &second_route;
  name = describe_place (future, use);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  message = g_strdup_printf (rule->format, use->what, name, use->where);
#pragma GCC diagnostic pop
  objection = pf_objection_new (rule->code, rule->severity, PF_ERROR_OBJECTION,
                                use->place.usb != NULL ? use->place.usb : use->place.address, message);
  objection->what = g_strdup (names_process_first (use->kind) ? use->where : use->what);
  g_ptr_array_add (objections, objection);
}

/**
 * pf_objection_add_host:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to taking away what the host uses. A disk must not even be plugged over from one controller of the
 * host to another: the kernel takes it for gone.
 */
void
pf_objection_add_host (GPtrArray *objections, const PfFuture *future)
{
  for (guint i = 0; i < future->board->uses->len; i++)
    object_to (objections, future, future->board->uses->pdata[i]);
}

/**
 * pf_objection_host_has_code:
 * @code: any text
 *
 * Returns: whether pf_objection_add_host() adds objections of that name
 */
gboolean
pf_objection_host_has_code (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_strcmp0 (rules[i].code, code) == 0)
      return TRUE;
  return FALSE;
}
