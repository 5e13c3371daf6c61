using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-implicit-certification-test-plan", ResponseType = "id_token", Server = ServerKind.Legacy)]
public sealed class ImplicitIdTokenPlan : IdTokenModules;

[Plan("oidcc-implicit-certification-test-plan", ResponseType = "id_token token", Server = ServerKind.Legacy)]
public sealed class ImplicitIdTokenTokenPlan : IdTokenTokenModules;
