using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-formpost-basic-certification-test-plan", FormPost = true)]
public sealed class FormPostBasicPlan : BasicModules;

[Plan("oidcc-formpost-implicit-certification-test-plan", ResponseType = "id_token", FormPost = true, Server = ServerKind.Legacy)]
public sealed class FormPostIdTokenPlan : IdTokenModules;

[Plan("oidcc-formpost-implicit-certification-test-plan", ResponseType = "id_token token", FormPost = true, Server = ServerKind.Legacy)]
public sealed class FormPostIdTokenTokenPlan : IdTokenTokenModules;

[Plan("oidcc-formpost-hybrid-certification-test-plan", ResponseType = "code id_token", FormPost = true, Server = ServerKind.Legacy)]
public sealed class FormPostCodeIdTokenPlan : CodeIdTokenModules;

[Plan("oidcc-formpost-hybrid-certification-test-plan", ResponseType = "code token", FormPost = true, Server = ServerKind.Legacy)]
public sealed class FormPostCodeTokenPlan : CodeTokenModules;

[Plan("oidcc-formpost-hybrid-certification-test-plan", ResponseType = "code id_token token", FormPost = true, Server = ServerKind.Legacy)]
public sealed class FormPostCodeIdTokenTokenPlan : CodeIdTokenTokenModules;
