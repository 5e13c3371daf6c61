using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>All modules of <c>id_token</c>.</summary>
public abstract class IdTokenModules : CommonModules
{
    [Module("oidcc-alternate-happy-flow")]
    public Task Alternate_happy_flow() => AlternateHappyFlowAsync();

    [Module("oidcc-ensure-request-without-nonce-fails")]
    public Task Without_nonce() => WithoutNonceFailsAsync();
}

/// <summary>All modules of <c>id_token token</c>.</summary>
public abstract class IdTokenTokenModules : TokenModules
{
    [Module("oidcc-alternate-happy-flow")]
    public Task Alternate_happy_flow() => AlternateHappyFlowAsync();

    [Module("oidcc-ensure-request-without-nonce-fails")]
    public Task Without_nonce() => WithoutNonceFailsAsync();

    [Module("oidcc-response-type-missing")]
    public Task Response_type_missing() => ResponseTypeMissingAsync();
}

/// <summary>All modules of <c>code id_token</c>.</summary>
public abstract class CodeIdTokenModules : CodeModules
{
    [Module("oidcc-alternate-happy-flow")]
    public Task Alternate_happy_flow() => AlternateHappyFlowAsync();

    [Module("oidcc-ensure-request-without-nonce-fails")]
    public Task Without_nonce() => WithoutNonceFailsAsync();

    [Module("oidcc-response-type-missing")]
    public Task Response_type_missing() => ResponseTypeMissingAsync();

    [Module("oidcc-ensure-request-with-valid-pkce-succeeds")]
    public Task Valid_pkce() => ValidPkceAsync();
}

/// <summary>All modules of <c>code token</c>.</summary>
public abstract class CodeTokenModules : CodeModules
{
    [Module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")]
    public Task Without_nonce() => WithoutNonceSucceedsAsync();
}

/// <summary>All modules of <c>code id_token token</c>.</summary>
public abstract class CodeIdTokenTokenModules : CodeModules
{
    [Module("oidcc-ensure-request-without-nonce-fails")]
    public Task Without_nonce() => WithoutNonceFailsAsync();
}
