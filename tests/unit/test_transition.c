/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/transition.h"
#include "core/site/deployment_key.h"

#include <stdio.h>

#include "site_bench.h"

static void the_latest_revision_is_wanted(void)
{
	struct bench bench;
	struct smd_transition *transition;

	begin(&bench);
	configure(&bench, "access");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_DEPLOY);
	CU_ASSERT_EQUAL(transition->revision, 2);
	CU_ASSERT_PTR_NULL(transition->from);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 100);
	CU_ASSERT_EQUAL_FATAL(transition->path->device_count, 3);
	/* The spine with the lower name */
	CU_ASSERT_STRING_EQUAL(transition->path->devices[2], "d4");
	smd_transition_free(transition);
	smd_transition_free(NULL);
	end(&bench);
}

static void what_is_in_place_is_preferred(void)
{
	struct bench bench;
	struct smd_transition *transition;

	begin(&bench);
	configure(&bench, "access");
	store(&bench, "deployed", "blue",
	      "{\"revision\":1,\"vlan\":100,\"links\":["
	      "{\"a-device\":\"d0\",\"a-port\":\"p1\",\"b-device\":\"d5\",\"b-port\":\"p1\"},"
	      "{\"a-device\":\"d1\",\"a-port\":\"p3\",\"b-device\":\"d5\",\"b-port\":\"p3\"}]}");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(smd_json_number(transition->from, "revision", 0), 1);
	CU_ASSERT_STRING_EQUAL(transition->path->devices[2], "d5");
	smd_transition_free(transition);
	end(&bench);
}

static void what_shall_be_gone_is_a_removal(void)
{
	struct bench bench;
	struct smd_transition *transition;
	char key[SMD_REVISION_KEY];

	begin(&bench);
	smd_revision_key("blue", 3, key);
	store(&bench, "configuration", "blue", "{\"revision\":3}");
	store(&bench, "revision", key, "{}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":77}");
	transition = deploy(&bench);
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_REMOVE);
	CU_ASSERT_EQUAL(transition->revision, 0);
	CU_ASSERT_PTR_NULL(transition->document);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 77);
	CU_ASSERT_STRING_EQUAL(smd_goal_name(transition->goal), "remove");
	smd_transition_free(transition);
	end(&bench);
}

static void what_there_is_not_is_named(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL, **transitions = NULL;
	struct smd_error error = {0};
	size_t count = 0;

	begin(&bench);
	CU_ASSERT_EQUAL(smd_transition_deploy(&bench.site, "blue", &transition, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"blue\""));
	CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
	CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d7", &transitions, &count, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"d7\""));
	CU_ASSERT_PTR_NULL(transition);
	CU_ASSERT_PTR_NULL(transitions);
	end(&bench);
}

static void what_others_have_is_respected(void)
{
	static const struct {
		const char *mine, *key, *record, *says; /* NULL: no conflict */
	} cases[] = {
		{"access", "green", "{\"vlan\":100}", "VLAN 100"},
		{"access", "blue", "{\"vlan\":100}", NULL},
		{"access", "green", "{\"vlan\":101}", NULL},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"access\"}]}",
		 "port \"h1\""},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"tagged\"}]}",
		 "port \"h1\""},
		{"tagged", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"access\"}]}",
		 "port \"h1\""},
		{"tagged", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h1\",\"tagging\":"
		 "\"tagged\"}]}",
		 NULL},
		{"access", "green",
		 "{\"vlan\":101,\"endpoints\":[{\"device\":\"d0\",\"port\":\"h2\",\"tagging\":"
		 "\"access\"},{\"device\":\"d2\",\"port\":\"h1\",\"tagging\":\"access\"}]}",
		 NULL},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct smd_transition *transition = NULL;
		struct smd_error error = {0};

		begin(&bench);
		configure(&bench, cases[i].mine);
		store(&bench, "deployed", cases[i].key, cases[i].record);
		CU_ASSERT_EQUAL(smd_transition_deploy(&bench.site, "blue", &transition, &error),
				cases[i].says ? SMD_E_CONFLICT : 0);
		if (cases[i].says) {
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"green\""));
		}
		smd_transition_free(transition);
		end(&bench);
	}
}

/* Several together */

static const char *const blue_and_red[] = {"blue", "red"};

static void several_are_deployed_together(void)
{
	struct bench bench;
	struct smd_transition **transitions = NULL;

	begin(&bench);
	configure(&bench, "access");
	configure_domain(&bench, "red", 101, "h2", "access");
	store(&bench, "deployed", "red", "{\"revision\":1,\"vlan\":99}");
	CU_ASSERT_EQUAL_FATAL(
		smd_transition_deploy_all(&bench.site, blue_and_red, 2, &transitions, NULL), 0);
	CU_ASSERT_EQUAL(smd_transition_vlan(transitions[0]), 100);
	CU_ASSERT_EQUAL(smd_transition_vlan(transitions[1]), 101);
	CU_ASSERT_EQUAL(smd_json_number(transitions[1]->from, "vlan", 0), 99);
	smd_transitions_free(transitions, 2);
	end(&bench);
}

static void what_two_want_alike_is_refused(void)
{
	static const struct {
		const char *names[2];
		unsigned vlan;
		const char *port, *tagging, *says;
		int err;
	} cases[] = {
		{{"blue", "red"}, 100, "h2", "access", "VLAN 100", SMD_E_CONFLICT},
		{{"blue", "red"}, 101, "h1", "tagged", "port \"h1\"", SMD_E_CONFLICT},
		{{"red", "red"}, 101, "h2", "access", "twice", SMD_E_INVALID},
		{{"blue", "green"}, 101, "h2", "access", "\"green\"", SMD_E_NOT_FOUND},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct smd_transition **transitions = NULL;
		struct smd_error error = {0};

		begin(&bench);
		configure(&bench, "access");
		configure_domain(&bench, "red", cases[i].vlan, cases[i].port, cases[i].tagging);
		CU_ASSERT_EQUAL(smd_transition_deploy_all(&bench.site, cases[i].names, 2,
							  &transitions, &error),
				cases[i].err);
		CU_ASSERT_PTR_NULL(transitions);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
		end(&bench);
	}
}

/* A deployment that is still open may be of several configurations. */
static void all_of_an_open_deployment_are_respected(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};

	begin(&bench);
	configure(&bench, "access");
	store(&bench, "open", "d3", "{}");
	store(&bench, "deployment", "d3",
	      "{\"configurations\":[{\"configuration\":\"blue\",\"to\":{\"vlan\":100}},"
	      "{\"configuration\":\"red\",\"to\":{\"vlan\":100}}]}");
	CU_ASSERT_EQUAL(smd_transition_deploy(&bench.site, "blue", &transition, &error),
			SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"red\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "d3"));
	end(&bench);
}

/* Rollback */

/* A deployment of blue and red, d4; blue was deployed before it, by d1. */
static void deployed_two(struct bench *bench)
{
	store(bench, "deployment", "d4",
	      "{\"outcome\":\"done\",\"configurations\":["
	      "{\"configuration\":\"blue\",\"goal\":\"deploy\",\"revision\":2,\"previous\":\"d1\","
	      "\"from\":{\"revision\":1,\"vlan\":50},\"to\":{\"revision\":2,\"vlan\":60}},"
	      "{\"configuration\":\"red\",\"goal\":\"deploy\",\"revision\":1,"
	      "\"from\":null,\"to\":{\"revision\":1,\"vlan\":70}}]}");
	store(bench, "last", "blue", "{\"deployment\":\"d4\"}");
	store(bench, "last", "red", "{\"deployment\":\"d4\"}");
	store(bench, "deployed", "blue", "{\"revision\":2,\"vlan\":60}");
	store(bench, "deployed", "red", "{\"revision\":1,\"vlan\":70}");
}

static void all_of_a_deployment_go_back_together(void)
{
	struct bench bench;
	struct smd_transition **transitions = NULL;
	size_t count = 0;

	begin(&bench);
	deployed_two(&bench);
	CU_ASSERT_EQUAL_FATAL(
		smd_transition_roll_back(&bench.site, "d4", &transitions, &count, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_STRING_EQUAL(transitions[0]->configuration, "blue");
	CU_ASSERT_STRING_EQUAL(transitions[0]->undoes, "d4");
	CU_ASSERT_STRING_EQUAL(transitions[0]->returns_to, "d1");
	CU_ASSERT_EQUAL(smd_transition_vlan(transitions[0]), 50);
	CU_ASSERT_STRING_EQUAL(transitions[1]->configuration, "red");
	CU_ASSERT_STRING_EQUAL(transitions[1]->undoes, "d4");
	CU_ASSERT_PTR_NULL(transitions[1]->returns_to);
	CU_ASSERT_PTR_NULL(transitions[1]->to);
	CU_ASSERT_EQUAL(smd_json_number(transitions[1]->from, "vlan", 0), 70);
	smd_transitions_free(transitions, count);
	end(&bench);
}

static void one_that_was_deployed_again_keeps_all(void)
{
	static const char *const names[] = {"blue", "red"};

	for (size_t i = 0; i < SMD_COUNT(names); i++) {
		struct bench bench;
		struct smd_transition **transitions = NULL;
		struct smd_error error = {0};
		size_t count = 0;

		begin(&bench);
		deployed_two(&bench);
		store(&bench, "last", names[i], "{\"deployment\":\"d5\"}");
		CU_ASSERT_EQUAL(
			smd_transition_roll_back(&bench.site, "d4", &transitions, &count, &error),
			SMD_E_CONFLICT);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "\"d5\""));
		CU_ASSERT_PTR_NULL(transitions);
		end(&bench);
	}
}

static void a_record_of_old_is_of_one_configuration(void)
{
	cJSON *record = cJSON_Parse("{\"id\":\"d2\",\"configuration\":\"blue\",\"goal\":"
				    "\"deploy\",\"from\":null,\"to\":{\"vlan\":5},\"revision\":3}");
	cJSON *wanted =
		cJSON_Parse("{\"id\":\"d2\",\"configurations\":[{\"configuration\":\"blue\","
			    "\"goal\":\"deploy\",\"from\":null,\"to\":{\"vlan\":5},"
			    "\"revision\":3}]}");
	cJSON *damaged = cJSON_Parse("{\"id\":\"d2\"}");

	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_record_configurations(record)), 1);
	CU_ASSERT(cJSON_Compare(record, wanted, 1));
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_record_configurations(record)), 1);
	CU_ASSERT(cJSON_Compare(record, wanted, 1));
	CU_ASSERT_PTR_NULL(smd_record_configurations(damaged));
	cJSON_Delete(record);
	cJSON_Delete(wanted);
	cJSON_Delete(damaged);
}

/* The way back of a deployment of one configuration. */
static struct smd_transition *roll_back(struct bench *bench, const char *deployment)
{
	struct smd_transition **transitions = NULL, *transition;
	size_t count = 0;

	CU_ASSERT_EQUAL_FATAL(
		smd_transition_roll_back(&bench->site, deployment, &transitions, &count, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	transition = transitions[0];
	free(transitions);
	return transition;
}

static void the_last_deployment_can_be_undone(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;

	begin(&bench);
	store(&bench, "deployment", "d2",
	      "{\"configuration\":\"blue\",\"outcome\":\"done\",\"previous\":\"d1\","
	      "\"from\":{\"revision\":1,\"vlan\":50}}");
	store(&bench, "last", "blue", "{\"deployment\":\"d2\"}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":60}");
	transition = roll_back(&bench, "d2");
	CU_ASSERT_EQUAL(transition->goal, SMD_GOAL_ROLL_BACK);
	CU_ASSERT_STRING_EQUAL(transition->configuration, "blue");
	CU_ASSERT_STRING_EQUAL(transition->undoes, "d2");
	CU_ASSERT_STRING_EQUAL(transition->returns_to, "d1");
	CU_ASSERT_EQUAL(transition->revision, 1);
	CU_ASSERT_EQUAL(smd_json_number(transition->from, "revision", 0), 2);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 50);
	smd_transition_free(transition);
	end(&bench);
}

static void the_first_deployment_goes_back_to_nothing(void)
{
	struct bench bench;
	struct smd_transition *transition = NULL;

	begin(&bench);
	store(&bench, "deployment", "d1", "{\"configuration\":\"blue\",\"outcome\":\"done\"}");
	store(&bench, "last", "blue", "{\"deployment\":\"d1\"}");
	store(&bench, "deployed", "blue", "{\"revision\":2,\"vlan\":60}");
	transition = roll_back(&bench, "d1");
	CU_ASSERT_PTR_NULL(transition->to);
	CU_ASSERT_PTR_NULL(transition->returns_to);
	CU_ASSERT_EQUAL(transition->revision, 0);
	CU_ASSERT_EQUAL(smd_transition_vlan(transition), 60);
	smd_transition_free(transition);
	end(&bench);
}

static void what_cannot_be_undone_is_said(void)
{
	static const struct {
		const char *deployment, *last, *says;
	} cases[] = {
		{"{\"configuration\":\"blue\",\"outcome\":\"done\"}", "{\"deployment\":\"d9\"}",
		 "not the last"},
		{"{\"configuration\":\"blue\",\"outcome\":\"rolled-back\"}",
		 "{\"deployment\":\"d2\"}", "nothing"},
		{"{\"outcome\":\"done\"}", "{\"deployment\":\"d2\"}", "nothing"},
		{"{\"configuration\":\"blue\"}", "{\"deployment\":\"d2\"}", "nothing"},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct smd_transition **transitions = NULL;
		struct smd_error error = {0};
		size_t count = 0;

		begin(&bench);
		store(&bench, "deployment", "d2", cases[i].deployment);
		store(&bench, "last", "blue", cases[i].last);
		CU_ASSERT_EQUAL(
			smd_transition_roll_back(&bench.site, "d2", &transitions, &count, &error),
			SMD_E_CONFLICT);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
		if (i == 0)
			CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "\"d9\""));
		end(&bench);
	}
}

/* What is not known is never taken for "nothing". */
static void a_damaged_record_is_told(void)
{
	struct bench bench;
	struct smd_transition **transitions = NULL;
	struct smd_error error = {0};
	size_t count = 0;

	begin(&bench);
	store(&bench, "deployment", "d2", "{\"configuration\":\"blue\",\"outcome\":\"done\"}");
	store(&bench, "last", "blue", "{}");
	CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d2", &transitions, &count, &error),
			SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "last \"blue\" is damaged"));
	end(&bench);
}

/* blue came by deployments 1, 4 and 12, with revisions 1, 2 and 3; 13 was rolled back. */
static void begin_chain(struct bench *bench)
{
	static const char *const records[][2] = {
		{"1", "{\"configurations\":[{\"configuration\":\"blue\",\"from\":null}]}"},
		{"4", "{\"configurations\":[{\"configuration\":\"red\"},{\"configuration\":"
		      "\"blue\",\"previous\":\"1\",\"from\":{\"revision\":1,\"vlan\":51}}]}"},
		{"12", "{\"configurations\":[{\"configuration\":\"blue\",\"previous\":\"4\","
		       "\"from\":{\"revision\":2,\"vlan\":52}}]}"},
	};

	begin(bench);
	for (size_t i = 0; i < SMD_COUNT(records); i++) {
		char key[SMD_STORE_KEY];

		smd_deployment_key(records[i][0], NULL, key);
		store(bench, "deployment", key, records[i][1]);
	}
	store(bench, "last", "blue", "{\"deployment\":\"12\"}");
	store(bench, "deployed", "blue", "{\"revision\":3,\"vlan\":53}");
}

static void any_earlier_state_can_come_back(void)
{
	static const struct {
		const char *to, *oldest, *returns_to;
		int64_t revision;
	} cases[] = {{NULL, "12", "4", 2},
		     {"4", "12", "4", 2},
		     {"1", "4", "1", 1},
		     {"0001", "4", "1", 1},
		     {SMD_BEFORE_ALL, "1", NULL, 0}};
	struct bench bench;

	begin_chain(&bench);
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_transition *transition = NULL;

		CU_ASSERT_EQUAL_FATAL(
			smd_transition_return(&bench.site, "blue", cases[i].to, &transition, NULL),
			0);
		CU_ASSERT_STRING_EQUAL(transition->undoes, "12");
		CU_ASSERT_STRING_EQUAL(transition->oldest, cases[i].oldest);
		if (cases[i].returns_to)
			CU_ASSERT_STRING_EQUAL(transition->returns_to, cases[i].returns_to);
		CU_ASSERT_EQUAL(!transition->returns_to, !cases[i].returns_to);
		CU_ASSERT_EQUAL(transition->revision, cases[i].revision);
		CU_ASSERT_EQUAL(!transition->to, !cases[i].revision);
		CU_ASSERT_EQUAL(smd_json_number(transition->from, "revision", 0), 3);
		smd_transition_free(transition);
	}
	end(&bench);
}

static void a_state_that_never_was_is_refused(void)
{
	static const struct {
		const char *configuration, *to;
		enum smd_err code;
		const char *says;
	} cases[] = {
		{"blue", "13", SMD_E_NOT_FOUND, "did not come by the state of deployment 13"},
		{"blue", "12", SMD_E_CONFLICT, "as deployment 12 has left it"},
		{"red", NULL, SMD_E_NOT_FOUND, "nothing of \"red\" is deployed"},
		{"green", NULL, SMD_E_NOT_FOUND, "deployment 9 of \"green\" is not on record"},
	};
	struct bench bench;

	begin_chain(&bench);
	store(&bench, "last", "green", "{\"deployment\":\"9\"}");
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_transition *transition = NULL;
		struct smd_error error = {0};

		CU_ASSERT_EQUAL(smd_transition_return(&bench.site, cases[i].configuration,
						      cases[i].to, &transition, &error),
				cases[i].code);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, cases[i].says));
		CU_ASSERT_PTR_NULL(transition);
	}
	end(&bench);
}

/* Another configuration may have taken a port meanwhile that the rollback would restore. */
static void going_back_asks_the_others(void)
{
	struct bench bench;
	struct smd_transition **transitions = NULL;
	struct smd_error error = {0};
	size_t count = 0;

	begin(&bench);
	store(&bench, "deployment", "d2",
	      "{\"configuration\":\"blue\",\"outcome\":\"done\",\"from\":{\"revision\":1,"
	      "\"vlan\":100,\"kind\":\"bridge-domain\",\"links\":[],\"endpoints\":[]}}");
	store(&bench, "last", "blue", "{\"deployment\":\"d2\"}");
	store(&bench, "deployed", "green", "{\"vlan\":100}");
	CU_ASSERT_EQUAL(smd_transition_roll_back(&bench.site, "d2", &transitions, &count, &error),
			SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"green\""));
	end(&bench);
}

TEST_MAIN("transition", TEST(the_latest_revision_is_wanted), TEST(what_is_in_place_is_preferred),
	  TEST(what_shall_be_gone_is_a_removal), TEST(what_there_is_not_is_named),
	  TEST(what_others_have_is_respected), TEST(several_are_deployed_together),
	  TEST(what_two_want_alike_is_refused), TEST(all_of_an_open_deployment_are_respected),
	  TEST(all_of_a_deployment_go_back_together), TEST(one_that_was_deployed_again_keeps_all),
	  TEST(a_record_of_old_is_of_one_configuration), TEST(the_last_deployment_can_be_undone),
	  TEST(the_first_deployment_goes_back_to_nothing), TEST(what_cannot_be_undone_is_said),
	  TEST(a_damaged_record_is_told), TEST(any_earlier_state_can_come_back),
	  TEST(a_state_that_never_was_is_refused), TEST(going_back_asks_the_others));
