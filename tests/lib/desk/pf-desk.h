/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pf-desk: for test programs that run as root inside with-board. They let the desk's users do things, and see
 * and change what the helper sees.
 *
 * Users are "active", "inactive", "remote", "admin", "helper", "guest" and "root". Everything here blocks, for a
 * bounded time; a function that returns no error ends the test program where the desk itself is broken.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_DESK_NAME "org.portferry1"
#define PF_DESK_MANAGER "/org/portferry1/manager"
#define PF_DESK_MANAGER_INTERFACE "org.portferry1.Manager"

/**
 * PfDeskCallFlags:
 * @PF_DESK_CALL_NONE: polkit must decide without asking anybody
 * @PF_DESK_CALL_INTERACTIVE: polkit may ask a person
 */
typedef enum
{
  PF_DESK_CALL_NONE = 0,
  PF_DESK_CALL_INTERACTIVE = 1 << 0,
} PfDeskCallFlags;

/* A method of org.portferry1 called by @user from his session, through a process of his own. @parameters is a
 * tuple and is consumed if floating; NULL is "()". After @timeout_ms the caller gives up
 * (G_IO_ERROR_TIMED_OUT). D-Bus errors are those that GDBus makes of the remote error (see
 * g_dbus_error_get_remote_error()). */
GVariant *pf_desk_call_as (const char *user,
                           PfDeskCallFlags flags,
                           const char *object,
                           const char *interface,
                           const char *method,
                           GVariant *parameters,
                           int timeout_ms,
                           GError **error);

/* The same in two halves, for a call that is to hang while other things happen. Finish each call once;
 * finishing frees it. */
typedef struct _PfDeskCall PfDeskCall;
PfDeskCall *pf_desk_call_start (const char *user,
                                PfDeskCallFlags flags,
                                const char *object,
                                const char *interface,
                                const char *method,
                                GVariant *parameters,
                                int timeout_ms);
GVariant *pf_desk_call_finish (PfDeskCall *call, GError **error);

/* Kills the calling process: the caller vanishes from the bus. Frees the call. */
void pf_desk_call_abandon (PfDeskCall *call);

/* Runs a program of the PATH inside as @user and waits for it. Returns its exit status; 128 plus the signal
 * when one ended it. @output and @errors may be NULL; free with g_free(). */
int pf_desk_run_as (const char *user, const char *const *argv, char **output, char **errors);

/* A property, read by root. NULL with @error set where the helper does not answer or there is none. */
GVariant *
pf_desk_get_property (const char *object, const char *interface, const char *property, GError **error);

/* Waits until a property, printed as GVariant text without types, is @expected: "'idle'", "uint32 4" is "4".
 * Woken by PropertiesChanged. FALSE when @timeout_ms have passed. */
gboolean pf_desk_wait_for_property (
    const char *object, const char *interface, const char *property, const char *expected, int timeout_ms);

/* One line to the fake kernel's control file. */
gboolean pf_desk_kernel_control (const char *line, GError **error);

/* The contents of a file below the kernel ("sys/bus/pci/devices/0000:00:14.0/vendor"), without the last
 * newline; NULL where it cannot be read. Text: what follows a NUL byte is lost. */
char *pf_desk_read_kernel (const char *path);

/* Where a link below the kernel leads: its last part ("vfio-pci" for ".../driver"). NULL where there is none.
 */
char *pf_desk_kernel_link (const char *path);

/* Register of a PCI function's configuration space, little endian, as the kernel shows it to root. */
guint32 pf_desk_kernel_config (const char *pci_address, guint offset);

/* What the helper has printed so far. */
char *pf_desk_helper_log (void);

/**
 * PfDeskAnswer: how an agent answers.
 * @PF_DESK_ANSWER_PASSWORD: with the administrator's password
 * @PF_DESK_ANSWER_WRONG_PASSWORD: with another
 * @PF_DESK_ANSWER_CANCEL: dismisses the dialog
 * @PF_DESK_ANSWER_HANG: never
 */
typedef enum
{
  PF_DESK_ANSWER_PASSWORD,
  PF_DESK_ANSWER_WRONG_PASSWORD,
  PF_DESK_ANSWER_CANCEL,
  PF_DESK_ANSWER_HANG,
} PfDeskAnswer;

typedef struct _PfDeskAgent PfDeskAgent;

/* Starts an authentication agent for @user's session; it is registered when this returns. */
PfDeskAgent *pf_desk_agent_start (const char *user, PfDeskAnswer answer);

/* Waits until the agent prints a line that begins with @prefix (see pf-test-agent.c), from where the last
 * wait ended. Returns the rest of the line, or NULL when @timeout_ms have passed. */
char *pf_desk_agent_wait_for (PfDeskAgent *self, const char *prefix, int timeout_ms);

/* All that the agent has printed so far. Owned by the agent. */
const char *pf_desk_agent_get_log (PfDeskAgent *self);

/* Ends the agent and waits for its end. */
void pf_desk_agent_stop (PfDeskAgent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDeskAgent, pf_desk_agent_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDeskCall, pf_desk_call_abandon)

G_END_DECLS
