namespace FunctionsAuth.Conformance.Checks;

/// <summary>The members of metadata documents that the suite knows. Any other is a warning there.</summary>
internal static class MetadataNames
{
    public static IReadOnlyList<string> All { get; } = """
        issuer authorization_endpoint token_endpoint jwks_uri registration_endpoint scopes_supported response_types_supported
        response_modes_supported grant_types_supported token_endpoint_auth_methods_supported
        token_endpoint_auth_signing_alg_values_supported service_documentation ui_locales_supported op_policy_uri op_tos_uri
        revocation_endpoint revocation_endpoint_auth_methods_supported revocation_endpoint_auth_signing_alg_values_supported
        global_token_revocation_endpoint global_token_revocation_endpoint_auth_methods_supported introspection_endpoint
        introspection_endpoint_auth_methods_supported introspection_endpoint_auth_signing_alg_values_supported
        code_challenge_methods_supported userinfo_endpoint end_session_endpoint check_session_iframe subject_types_supported
        id_token_signing_alg_values_supported id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported
        userinfo_signing_alg_values_supported userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
        request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
        request_object_encryption_enc_values_supported display_values_supported claim_types_supported claims_supported
        claims_locales_supported claims_parameter_supported request_parameter_supported request_uri_parameter_supported
        require_request_uri_registration acr_values_supported frontchannel_logout_supported frontchannel_logout_session_supported
        backchannel_logout_supported backchannel_logout_session_supported dpop_signing_alg_values_supported
        pushed_authorization_request_endpoint require_pushed_authorization_requests authorization_details_types_supported
        authorization_challenge_endpoint backchannel_authentication_endpoint backchannel_token_delivery_modes_supported
        backchannel_authentication_request_signing_alg_values_supported backchannel_user_code_parameter_supported
        authorization_signing_alg_values_supported authorization_encryption_alg_values_supported
        authorization_encryption_enc_values_supported client_attestation_signing_alg_values_supported
        client_attestation_pop_signing_alg_values_supported challenge_endpoint mtls_endpoint_aliases
        tls_client_certificate_bound_access_tokens signed_metadata pre-authorized_grant_anonymous_access_supported
        authorization_response_iss_parameter_supported device_authorization_endpoint require_signed_request_object
        introspection_signing_alg_values_supported introspection_encryption_alg_values_supported
        introspection_encryption_enc_values_supported prompt_values_supported signed_jwks_uri jwks organization_name organization_uri
        display_name description keywords contacts logo_uri information_uri federation_registration_endpoint
        client_registration_types_supported client_id_metadata_document_supported trust_frameworks_supported evidence_supported
        documents_supported documents_check_methods_supported documents_methods_supported electronic_records_supported
        attachments_supported claims_in_verified_claims_supported transformed_claims_functions_supported transformed_claims_predefined
        grant_management_endpoint grant_management_actions_supported grant_management_action_required
        request_authentication_methods_supported request_authentication_signing_alg_values_supported protected_resources
        status_list_aggregation_endpoint
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
