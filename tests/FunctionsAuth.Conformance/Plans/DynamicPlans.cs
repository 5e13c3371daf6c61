using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "id_token", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicIdTokenPlan : DynamicModules;

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "id_token token", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicIdTokenTokenPlan : DynamicTokenModules;

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "code id_token", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicCodeIdTokenPlan : DynamicCodeModules;

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "code id_token token", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicCodeIdTokenTokenPlan : DynamicCodeModules;

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "code token", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicCodeTokenPlan : DynamicCodeModules
{
    [Module("oidcc-idtoken-unsigned")]
    public void Id_token_unsigned() => ShouldNotListUnsignedIdTokens();
}

[Plan("oidcc-dynamic-certification-test-plan", ResponseType = "code", DynamicClient = true, AuthMethod = "private_key_jwt", Server = ServerKind.Legacy)]
public sealed class DynamicCodePlan : DynamicCodeModules
{
    [Module("oidcc-idtoken-unsigned")]
    public void Id_token_unsigned() => ShouldNotListUnsignedIdTokens();
}
