using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-hybrid-certification-test-plan", ResponseType = "code id_token", Server = ServerKind.Legacy)]
public sealed class HybridCodeIdTokenPlan : CodeIdTokenModules;

[Plan("oidcc-hybrid-certification-test-plan", ResponseType = "code token", Server = ServerKind.Legacy)]
public sealed class HybridCodeTokenPlan : CodeTokenModules;

[Plan("oidcc-hybrid-certification-test-plan", ResponseType = "code id_token token", Server = ServerKind.Legacy)]
public sealed class HybridCodeIdTokenTokenPlan : CodeIdTokenTokenModules;
