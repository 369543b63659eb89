/* SPDX-License-Identifier: Apache-2.0 */
#include "core/service/method_table.h"

#include "core/base/json.h"
#include "core/service/methods.h"

/* Fields that several methods have */
#define PROOF_FIELD                                                                                \
	{                                                                                          \
		"require-proof", SMD_FIELD_FLAG,                                                   \
			.help = "what could not be proven by traffic is a failure"                 \
	}
#define RECOVER_FIELD                                                                              \
	{                                                                                          \
		"recover", SMD_FIELD_FLAG,                                                         \
			.help = "recover an open deployment that holds a device first"             \
	}
#define UNKNOWN_FIELD                                                                              \
	{                                                                                          \
		"accept-unknown", SMD_FIELD_FLAG,                                                  \
			.help = "send lines, too, that a driver does not know"                     \
	}
#define COMMENT_FIELD                                                                              \
	{                                                                                          \
		"comment", SMD_FIELD_TEXT, .help = "why, as a ticket: kept with the deployment"    \
	}
#define CONFIGURATION_FIELD                                                                        \
	{                                                                                          \
		"name", SMD_FIELD_TEXT, 1, SMD_NAMES_CONFIGURATION, .help = "a configuration"      \
	}
#define DRIVER_FIELD(field, text)                                                                  \
	{                                                                                          \
		field, SMD_FIELD_TEXT, 1, SMD_NAMES_DRIVER, .help = text                           \
	}
#define LABEL_FIELD(field)                                                                         \
	{                                                                                          \
		field, SMD_FIELD_TEXT, .help = "what errors call the document, such as its file"   \
	}
#define DOCUMENT_FIELD(field, needed, its_label, text)                                             \
	{                                                                                          \
		field, SMD_FIELD_DOCUMENT, needed, .label = its_label, .help = text                \
	}

#define REVEAL_FIELD                                                                               \
	{                                                                                          \
		"reveal", SMD_FIELD_FLAG,                                                          \
			.help = "secrets in clear; for the user who runs the controller"           \
	}

#define STRICT_FIELD                                                                               \
	{                                                                                          \
		"strict", SMD_FIELD_FLAG, .help = "refuse what would be passed over or merged"     \
	}

#define ROLLBACK_FIELDS                                                                            \
	{"id", SMD_FIELD_TEXT, 1, SMD_NAMES_DEPLOYMENT,                                            \
	 .help = "a configuration, a deployment, or \"last\" for the newest"},                     \
	{                                                                                          \
		"to", SMD_FIELD_TEXT, 0, SMD_NAMES_DEPLOYMENT,                                     \
			.help = "of which deployment the state comes back; 0: none"                \
	}
#define DEVICE_FIELD                                                                               \
	{                                                                                          \
		"name", SMD_FIELD_TEXT, 1, SMD_NAMES_DEVICE, .help = "a device"                    \
	}
/* The members of a device in an inventory; `new`: those that every device has are required */
#define DEVICE_FIELDS(new)                                                                         \
	{"driver", SMD_FIELD_TEXT, new, SMD_NAMES_DRIVER, .help = "the driver that speaks to it"}, \
		{"address", SMD_FIELD_TEXT, new, .help = "IP address or name of its SSH server"},  \
		{"port", SMD_FIELD_NUMBER, .minimum = 1, .maximum = 65535,                         \
		 .help = "TCP port of its SSH server, if not 22"},                                 \
		{"credential", SMD_FIELD_TEXT, new,                                                \
		 .help = "whom to log in as, as in the inventory"},                                \
		{"read-only-credential", SMD_FIELD_TEXT,                                           \
		 .help = "whom to log in as to read, if not the same"},                            \
		{"role", SMD_FIELD_TEXT, .help = "its place in the fabric: leaf, spine, ..."},     \
		{"label", SMD_FIELD_LIST, .help = "words to find it by, NAME or NAME=VALUE"},      \
	{                                                                                          \
		"option", SMD_FIELD_LIST, .help = "options of its driver"                          \
	}

static const char *const diff_formats[] = {"commands", "tree", "undo", "json", NULL};
static const char *const parse_formats[] = {"text", "flat", "json", NULL};

static const struct smd_method methods[] = {
	{"configuration.list",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "list the configurations and their states",
	 smd_configuration_list,
	 {}},
	{"configuration.remove",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "note that a configuration shall be gone, as a new revision",
	 smd_configuration_remove,
	 {CONFIGURATION_FIELD}},
	{"configuration.set",
	 SMD_USE_MAKE,
	 SMD_RIGHT_OPERATOR,
	 "check a configuration and keep it as a new revision",
	 smd_configuration_set,
	 {DOCUMENT_FIELD("text", 1, "what", "the configuration, as JSON"), LABEL_FIELD("what")}},
	{"configuration.show",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "show a configuration",
	 smd_configuration_show,
	 {CONFIGURATION_FIELD,
	  {"revision", SMD_FIELD_NUMBER, .minimum = 1, .maximum = SMD_LARGEST_NUMBER,
	   .help = "which one, if not the newest"},
	  REVEAL_FIELD}},
	{"deployment.list",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "list the deployments, the newest first",
	 smd_deployment_list,
	 {{"configuration", SMD_FIELD_TEXT, 0, SMD_NAMES_CONFIGURATION,
	   .help = "only those of this configuration"},
	  {"limit", SMD_FIELD_NUMBER, .maximum = INT32_MAX, .help = "so many, if not 100; 0: all"},
	  {"before", SMD_FIELD_TEXT, 0, SMD_NAMES_DEPLOYMENT,
	   .help = "only those before this deployment"}}},
	{"deployment.prune",
	 SMD_USE_WRITE,
	 SMD_RIGHT_ADMIN,
	 "remove old deployments, their snapshots and journals",
	 smd_deployment_prune,
	 {{"keep", SMD_FIELD_NUMBER, .maximum = INT32_MAX,
	   .help = "the newest N of each configuration stay"},
	  {"older-than", SMD_FIELD_TEXT, .help = "only what ended longer ago goes: 36h, 90d, 12w"},
	  {"dry-run", SMD_FIELD_FLAG, .help = "only say what would go"}}},
	{"deployment.recover",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "finish or undo what a dead controller left open",
	 smd_deployment_recover_all,
	 {{"id", SMD_FIELD_TEXT, 0, SMD_NAMES_DEPLOYMENT,
	   .help = "a deployment, if not all that are open"},
	  {"accept", SMD_FIELD_FLAG,
	   .help = "take what the devices of this deployment run as it is"}}},
	{"deployment.rollback",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "return to the state before a deployment",
	 smd_deployment_roll_back,
	 {ROLLBACK_FIELDS, COMMENT_FIELD, PROOF_FIELD, RECOVER_FIELD}},
	{"deployment.show",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "show a deployment, or the newest of a configuration",
	 smd_deployment_show,
	 {{"id", SMD_FIELD_TEXT, 1, SMD_NAMES_DEPLOYMENT,
	   .help = "a deployment or a configuration"}}},
	{"device.add",
	 SMD_USE_MAKE,
	 SMD_RIGHT_ADMIN,
	 "add a device to the inventory",
	 smd_device_add,
	 {{"name", SMD_FIELD_TEXT, 1, .help = "what the device shall be called"},
	  DEVICE_FIELDS(1)}},
	{"device.check",
	 SMD_USE_LOOK,
	 SMD_RIGHT_OPERATOR,
	 "log in, read, and say what the devices can do",
	 smd_device_check,
	 {{"devices", SMD_FIELD_LIST, 0, SMD_NAMES_DEVICE,
	   .help = "names of devices, or patterns of names, if not all"},
	  {"label", SMD_FIELD_LIST, .help = "labels that the devices have, all of them"}}},
	{"device.export",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "give the inventory as it can be imported",
	 smd_device_export,
	 {}},
	{"device.import",
	 SMD_USE_MAKE,
	 SMD_RIGHT_ADMIN,
	 "replace the inventory, the topology or both",
	 smd_device_import,
	 {DOCUMENT_FIELD("inventory", 0, NULL, "the inventory, as JSON"),
	  DOCUMENT_FIELD("topology", 0, NULL, "the topology, as JSON"),
	  {"dry-run", SMD_FIELD_FLAG, .help = "only say what would change"}},
	 .replaces = 1},
	{"device.list",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "list the devices of the inventory",
	 smd_device_list,
	 {}},
	{"device.remove",
	 SMD_USE_WRITE,
	 SMD_RIGHT_ADMIN,
	 "remove a device and its links from the inventory",
	 smd_device_unlist,
	 {DEVICE_FIELD}},
	{"device.set",
	 SMD_USE_WRITE,
	 SMD_RIGHT_ADMIN,
	 "change a device of the inventory; an empty value removes",
	 smd_device_set,
	 {DEVICE_FIELD, DEVICE_FIELDS(0)}},
	{"device.show",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "show a device: its login, its state, what it runs",
	 smd_device_show,
	 {DEVICE_FIELD,
	  {"config", SMD_FIELD_FLAG, .help = "log in, and show what it runs"},
	  REVEAL_FIELD}},
	{"device.trust",
	 SMD_USE_LOOK,
	 SMD_RIGHT_ADMIN,
	 "show, then accept a device's host key",
	 smd_device_trust,
	 {{"name", SMD_FIELD_TEXT, 1, SMD_NAMES_DEVICE, .help = "a device"},
	  {"fingerprint", SMD_FIELD_TEXT, .help = "the key to accept, as it was shown"}}},
	{"driver.list",
	 SMD_USE_PARTS,
	 SMD_RIGHT_VIEWER,
	 "list the drivers, and where they come from",
	 smd_driver_list,
	 {}},
	{"driver.show",
	 SMD_USE_PARTS,
	 SMD_RIGHT_VIEWER,
	 "show what a driver can do, and its options",
	 smd_driver_show,
	 {DRIVER_FIELD("name", "a driver, or its file with a '/'")}},
	{"driver.test",
	 SMD_USE_PARTS,
	 SMD_RIGHT_ADMIN,
	 "check a driver for what every driver must hold",
	 smd_driver_test,
	 {DRIVER_FIELD("name", "a driver, or its file with a '/'"),
	  {"options", SMD_FIELD_OBJECT, .help = "values of the driver's options"},
	  {"golden", SMD_FIELD_TEXT, 0, SMD_NAMES_FOLDER,
	   .help = "folder of its golden cases, if not testdata/ beside it"},
	  {"limit-ms", SMD_FIELD_NUMBER, .minimum = 1, .maximum = 86400000,
	   .help = "the most time that a check may take, if not two minutes"},
	  {"seed", SMD_FIELD_NUMBER, .maximum = SMD_LARGEST_NUMBER,
	   .help = "repeat what was random"},
	  {"only", SMD_FIELD_TEXT, .help = "make this check alone"},
	  {"here", SMD_FIELD_FLAG, .help = "in this process, for a debugger"},
	  {"update", SMD_FIELD_FLAG, .help = "write patch and undo of its golden cases anew"}}},
	{"plan.apply",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "carry out a plan: push, verify, prove, or take all of it back",
	 smd_plan_apply,
	 {DOCUMENT_FIELD("text", 1, "what", "the plan"),
	  LABEL_FIELD("what"),
	  COMMENT_FIELD,
	  PROOF_FIELD,
	  RECOVER_FIELD,
	  UNKNOWN_FIELD,
	  {"accept-shown", SMD_FIELD_FLAG,
	   .help = "what devices show otherwise than it was sent is the same"}}},
	{"plan.make",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "show what deploying the newest revision changes, and its undo",
	 smd_plan_make,
	 {CONFIGURATION_FIELD, UNKNOWN_FIELD}},
	{"plan.rollback",
	 SMD_USE_WRITE,
	 SMD_RIGHT_OPERATOR,
	 "show what returning to an earlier state changes, and its undo",
	 smd_plan_rollback,
	 {ROLLBACK_FIELDS}},
	{"site.status",
	 SMD_USE_LOOK,
	 SMD_RIGHT_VIEWER,
	 "show what is going on, and what needs attention",
	 smd_site_status,
	 {}},
	{"store.init",
	 SMD_USE_MAKE,
	 SMD_RIGHT_ADMIN,
	 "make a store, or bring an older one up to date",
	 smd_store_init,
	 {},
	 .replaces = 1},
	{"text.diff",
	 SMD_USE_PARTS,
	 SMD_RIGHT_VIEWER,
	 "show the lines that lead from one text to another",
	 smd_text_diff,
	 {DRIVER_FIELD("driver", "the driver that knows the language"),
	  DOCUMENT_FIELD("running", 1, "running-name", "the text that a device has"),
	  DOCUMENT_FIELD("intended", 1, "intended-name", "the text that it shall have"),
	  LABEL_FIELD("running-name"),
	  LABEL_FIELD("intended-name"),
	  {"format", SMD_FIELD_CHOICE, .choices = diff_formats, .help = "what to show"},
	  {"merge", SMD_FIELD_FLAG, .help = "take nothing away that is only in the first text"},
	  STRICT_FIELD}},
	{"text.parse",
	 SMD_USE_PARTS,
	 SMD_RIGHT_VIEWER,
	 "show a text as its driver understands it",
	 smd_text_parse,
	 {DRIVER_FIELD("driver", "the driver that knows the language"),
	  DOCUMENT_FIELD("text", 1, "text-name", "the text"),
	  LABEL_FIELD("text-name"),
	  {"format", SMD_FIELD_CHOICE, .choices = parse_formats, .help = "how to show it"},
	  STRICT_FIELD,
	  REVEAL_FIELD}},
	{"verify",
	 SMD_USE_LOOK,
	 SMD_RIGHT_OPERATOR,
	 "read the devices and probe: is it as it was deployed?",
	 smd_verify,
	 {CONFIGURATION_FIELD, PROOF_FIELD}},
};

const struct smd_method *smd_method_table(size_t *count)
{
	*count = SMD_COUNT(methods);
	return methods;
}
