namespace FunctionsAuth.Protocol.Errors;

/// <summary>How the authorization responses of a client are signed: JARM §2.</summary>
/// <param name="ClientId">For whom the JWT is.</param>
/// <param name="Algorithm">One of <see cref="SigningAlgorithms"/>.</param>
public sealed record ResponseSigning(string ClientId, string Algorithm);
