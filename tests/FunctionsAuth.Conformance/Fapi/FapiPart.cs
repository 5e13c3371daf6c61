namespace FunctionsAuth.Conformance.Fapi;

/// <summary>The variants in which a module of a FAPI 2.0 plan runs.</summary>
public enum FapiPart
{
    /// <summary>In all.</summary>
    All,

    /// <summary>Where tokens are bound by DPoP.</summary>
    Dpop,

    /// <summary>Where the client signs assertions.</summary>
    PrivateKeyJwt,
}
